import { expect, test } from "@jest/globals";
import { authenticator } from "../../../functions/core/authenticate.ts";

const caller = { callerId: "key", organizations: ["org"], scopes: ["audit:read" as const] };

function start(retryAfterSeconds?: number) {
  const asked: string[] = [];
  const limited: string[] = [];
  const authenticate = authenticator({
    identify: [
      async (text) => {
        asked.push(text);
        return undefined;
      },
      async (text) => (text === "known" ? caller : undefined),
    ],
    limit(callerId) {
      limited.push(callerId);
      return retryAfterSeconds;
    },
  });
  return { authenticate, asked, limited };
}

test.each(["Bearer", "bearer", "BEARER"])(
  "a text that is presented as %s is asked about, one way after the other",
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
])("%p is nobody, and uses up nobody's requests", async (authorization) => {
  const { authenticate, limited } = start(7);
  expect(await authenticate(authorization)).toEqual({ outcome: "unknown" });
  expect(limited).toEqual([]);
});

test("who makes too many requests is told how long to wait", async () => {
  const { authenticate, limited } = start(7);
  expect(await authenticate("Bearer known")).toEqual({ outcome: "throttled", retryAfterSeconds: 7 });
  expect(limited).toEqual(["key"]);
});
