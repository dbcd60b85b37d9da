import type { RequestListener } from "node:http";
import { afterEach, describe, expect, test } from "@jest/globals";
import { answering } from "../../../support/kard/hostile-kard.ts";
import { cleanups, cutOff, deep, malformed, withHostile } from "./hostile-responses.ts";

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const attributes = {
  status: "SETTLED",
  transactionId: "t1",
  transactionAmountInCents: 12_796,
  commissionEarned: { user: { type: "CENTS", value: 220 } },
};
const page = (...transactions: unknown[]) => ({ data: transactions, links: { self: "/" }, meta: {} });
const shown = { transactionId: "t1", amountInCents: 12_796, commission: "220 CENTS" };
const none = { outcome: "page", rewards: [], next: undefined };

describe("an answer to Get Earned Rewards that is", () => {
  test.each<[string, RequestListener, unknown]>([
    ["a page", answering(200, page({ attributes })), { outcome: "page", rewards: [shown], next: undefined }],
    ["empty of transactions", answering(200, page()), none],
    ["without links", answering(200, { data: [] }), none],
    [
      "a page with transactions that cannot be read",
      answering(200, page(null, "x", { attributes: { transactionId: 7 } }, { attributes: { status: "SETTLED" } })),
      { outcome: "page", rewards: [{ transactionId: "7" }], next: undefined },
    ],
    [
      "a page with amounts of other types",
      answering(200, page({ attributes: { ...attributes, transactionAmountInCents: "x", commissionEarned: null } })),
      { outcome: "page", rewards: [{ transactionId: "t1" }], next: undefined },
    ],
    ["without data", answering(200, {}), malformed],
    ["a page of HTML", answering(200, "<html>Sign in</html>", { "content-type": "text/html" }), malformed],
    ["an abyss of JSON", answering(200, deep), malformed],
    ["a 400", answering(400, {}), malformed],
    ["a 401", answering(401, {}), { outcome: "unauthorized" }],
    ["a 403", answering(403, {}), { outcome: "forbidden" }],
    ["a 404", answering(404, {}), { outcome: "missing" }],
    ["a 429", answering(429, "", { "retry-after": "7" }), { outcome: "throttled", retryAfterMs: 7_000 }],
    [
      "a 503 with Retry-After",
      answering(503, "", { "retry-after": "7" }),
      { outcome: "throttled", retryAfterMs: 7_000 },
    ],
    ["a 500", answering(500, ""), { outcome: "failed", reason: "server-error" }],
    ["cut off", cutOff, { outcome: "failed", reason: "connection" }],
  ])("%s", async (_name, listener, outcome) => {
    const { kard } = await withHostile(listener);
    expect(await kard.getEarnedRewards("org", "user", "SETTLED")).toEqual(outcome);
  });
});

test.each([
  ["/v2/issuers/o/users/u/earned-rewards?page[size]=10&page[after]=abc%3D%3D", "abc=="],
  ["https://other.example/?page%5Bafter%5D=abc", "abc"],
  ["/x?page[size]=10", undefined],
  ["http://[", undefined],
  [`/x?page[after]=${"y".repeat(2_000)}`, undefined],
  [7, undefined],
])("the link %p to the next page has the cursor %p", async (next, cursor) => {
  const { kard } = await withHostile(answering(200, { data: [], links: { next } }));
  expect(await kard.getEarnedRewards("org", "user", "SETTLED")).toMatchObject({ next: cursor });
});

test("the request names the issuer, the user, the status and the cursor", async () => {
  const urls: (string | undefined)[] = [];
  const { kard } = await withHostile((request, response) => {
    urls.push(request.url);
    answering(200, page())(request, response);
  });
  await kard.getEarnedRewards("o/1", "u?2", "APPROVED", "c=&");
  const [url = ""] = urls;
  expect(url.split("?")[0]).toBe("/v2/issuers/o%2F1/users/u%3F2/earned-rewards");
  expect(Object.fromEntries(new URLSearchParams(url.split("?")[1]))).toEqual({
    ...{ "filter[status]": "APPROVED", "page[size]": "50", "page[after]": "c=&" },
  });
});
