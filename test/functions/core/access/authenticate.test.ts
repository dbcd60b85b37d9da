import { expect, test } from "@jest/globals";
import { authenticator } from "../../../../functions/core/access/authenticate.ts";
import { requestLimit } from "../../../../functions/core/access/request-limit.ts";
import { fakeClock } from "../../../support/fake-clock.ts";
import { memoryRequestCounts } from "../../../support/memory/request-counts.ts";

const caller = { callerId: "key", organizations: ["org"], scopes: ["audit:read" as const] };
const several = { ...caller, callerId: "token", organizations: ["org", "org-2"] };

function start(retryAfter: { caller?: number; issuer?: number } = {}) {
  const asked: string[] = [];
  const limited: string[] = [];
  const authenticate = authenticator({
    identify: [
      async (text) => {
        asked.push(text);
        return undefined;
      },
      async (text) => (text === "known" ? caller : text === "several" ? several : undefined),
    ],
    limitCaller(callerId) {
      limited.push(callerId);
      return retryAfter.caller;
    },
    limitIssuer(organizationId) {
      limited.push(`of ${organizationId}`);
      return retryAfter.issuer;
    },
  });
  return { authenticate, asked, limited };
}

test.each(["Bearer", "bearer", "BEARER"])(
  "a text presented as %s is checked by one method after the other",
  async (scheme) => {
    const { authenticate, asked } = start();
    expect(await authenticate(`${scheme} known`)).toEqual({ outcome: "known", caller });
    expect(asked).toEqual(["known"]);
  },
);

test.each([
  undefined,
  "",
  "Bearer",
  "Bearer ",
  "known",
  "Basic known",
  "Not Bearer known",
  "Bearer known known",
  "Bearer other",
])("%p is not valid, and counts against no limit", async (authorization) => {
  const { authenticate, limited } = start({ caller: 7, issuer: 7 });
  expect(await authenticate(authorization, "org")).toEqual({ outcome: "unknown" });
  expect(limited).toEqual([]);
});

test("a caller with too many requests gets Retry-After, and does not use up its issuer's limit", async () => {
  const { authenticate, limited } = start({ caller: 7 });
  expect(await authenticate("Bearer known", "org")).toEqual({ outcome: "throttled", retryAfterSeconds: 7 });
  expect(limited).toEqual(["key"]);
});

test("so does a caller whose issuer's callers make too many together", async () => {
  const { authenticate } = start({ issuer: 9 });
  expect(await authenticate("Bearer known", "org")).toEqual({ outcome: "throttled", retryAfterSeconds: 9 });
});

test.each([
  ["known", "org", ["key", "of org"]],
  ["known", undefined, ["key", "of org"]],
  ["known", "another's", ["key"]],
  ["several", "org-2", ["token", "of org-2"]],
  ["several", undefined, ["token"]],
])("a request by %s about %s counts for %j", async (text, organizationId, counted) => {
  const { authenticate, limited } = start();
  await authenticate(`Bearer ${text}`, organizationId);
  expect(limited).toEqual(counted);
});

test("an issuer with many keys gets only its own rate, and others get theirs", async () => {
  const clock = fakeClock();
  const counts = memoryRequestCounts();
  const underWay: Promise<unknown>[] = [];
  const limitOf = (perSecond: number) =>
    requestLimit({ clock: clock.now, counts, perSecond, runInBackground: (work) => underWay.push(work) });
  const identify = async (text: string) => {
    const [organizationId = "", key = ""] = text.split("/");
    return { callerId: key, organizations: [organizationId], scopes: [] };
  };
  // Environments of two functions share the counts.
  const environments = Array.from({ length: 4 }, () =>
    authenticator({ identify: [identify], limitCaller: limitOf(10), limitIssuer: limitOf(20) }),
  );
  const admitted = async (organizationId: string, keys: number, requests: number) => {
    let known = 0;
    for (let n = 0; n < requests; n++) {
      const authenticate = environments[n % environments.length];
      const response = await authenticate?.(`Bearer ${organizationId}/${organizationId}-${n % keys}`, organizationId);
      if (response?.outcome === "known") known++;
      await Promise.all(underWay.splice(0));
    }
    return known;
  };
  const greedy = await admitted("greedy", 50, 3_000);
  expect(greedy).toBeGreaterThanOrEqual(200);
  expect(greedy).toBeLessThanOrEqual(200 + 4 * 4);
  expect(await admitted("modest", 1, 100)).toBe(100);
});
