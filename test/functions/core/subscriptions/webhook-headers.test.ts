import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { webhookHeaders } from "../../../../functions/core/subscriptions/webhook-headers.ts";

const numbered = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`x-${n}`, "1"]));

/** The error messages for headers. */
function refusal(headers: unknown): string[] {
  const parsed = webhookHeaders.safeParse(headers);
  return parsed.success ? [] : parsed.error.issues.map((issue) => JSON.stringify(issue));
}

test("names are stored in lower case, with their values", () => {
  expect(webhookHeaders.parse({ "X-Tenant": "Seven", authorization: "Bearer x" })).toEqual({
    "x-tenant": "Seven",
    authorization: "Bearer x",
  });
});

/** Rules of the published schema in addition to the patterns of names. */
const documented = z
  .object({ propertyNames: z.object({ not: z.object({ pattern: z.string() }) }) })
  .parse(z.toJSONSchema(webhookHeaders, { io: "input" })).propertyNames.not;

test.each(["content-type", "Host", "user-agent", "tE", "webhook-id", "Webhook-Anything", "svix-id", "SVIX-Signature"])(
  "%s cannot be set, as documented",
  (name) => {
    expect(refusal({ [name]: "1" }).join()).toContain("is a reserved header");
    expect(name).toMatch(new RegExp(documented.pattern));
  },
);

test.each(["x-webhook-", "x-svix-", "webhooks", "svix", "hosts"])("%s can be set", (name) => {
  expect(refusal({ [name]: "1" })).toEqual([]);
  expect(name).not.toMatch(new RegExp(documented.pattern));
});

test.each(["", "a b", "a:", "ä", "x".repeat(101)])("%j is not a name", (name) => {
  expect(refusal({ [name]: "1" }).join()).toContain("must be the name of an HTTP header");
});

test.each(["", "a\nb", "ä", "x".repeat(1_001)])("%j is not a value", (value) => {
  expect(refusal({ "x-tenant": value }).join()).toContain("must be 1 to 1000 printable ASCII characters");
});

describe("how many there are", () => {
  test("ten at most", () => {
    expect(refusal(numbered(10))).toEqual([]);
    expect(refusal(numbered(11)).join()).toContain("must have at most 10 headers");
  });

  test("each name once, in any case", () => {
    expect(refusal({ "x-tenant": "1", "X-Tenant": "2" }).join()).toContain("must not repeat a header");
    expect(refusal({ "x-tenant": "1", "x-tenants": "2" })).toEqual([]);
  });
});

test("the placeholder of a hidden value is not accepted as a value", () => {
  expect(refusal({ authorization: "********" }).join()).toContain("is the placeholder of a hidden value");
  expect(refusal({ authorization: "*********" })).toEqual([]);
});
