import { describe, expect, test } from "@jest/globals";
import { createAuditsBody, createLegacyAuditBody, userIdParameter } from "../../../functions/audits-api/audit-input.ts";
import { listAuditsQuery } from "../../../functions/audits-api/list-input.ts";
import { newestFirst } from "../../../functions/core/audits/audit-filter.ts";
import { currencies } from "../../../functions/core/audits/currencies.ts";
import { noon } from "../../support/fake-clock.ts";
import { aRequest } from "../../support/sample-audits.ts";

const resource = (attributes: object) => ({ data: [{ type: "audit", attributes }] });
const legacy = { ...aRequest, preferredContactEmail: "a@b.example", issuer: "org" };

describe("Create Audits", () => {
  test.each([3005, 3006, 8001, 3007])("the code %d is left to Kard", (auditCode) => {
    expect(createAuditsBody.safeParse(resource({ ...aRequest, auditCode })).success).toBe(true);
  });

  test.each([
    ["a code with a fraction", resource({ ...aRequest, auditCode: 3006.5 })],
    ["a code as text", resource({ ...aRequest, auditCode: "3006" })],
    ["no transaction", resource({ ...aRequest, transactionId: undefined })],
    ["an empty merchant", resource({ ...aRequest, merchantName: "" })],
    ["a merchant with an escape sequence", resource({ ...aRequest, merchantName: "Shop\x1b[2J" })],
    ["an amount that cannot be summed", resource({ ...aRequest, transactionAmountInCents: 9_007_199_254_740_991 })],
    ["a description that turns the reading order", resource({ ...aRequest, auditDescription: "a\u202eb" })],
    ["another type", { data: [{ type: "audits", attributes: aRequest }] }],
    ["no audits", { data: [] }],
    ["101 audits", { data: Array(101).fill({ type: "audit", attributes: aRequest }) }],
    ["no data", {}],
    ["nothing", null],
  ])("%s is refused", (_, body) => {
    expect(createAuditsBody.safeParse(body).success).toBe(false);
  });

  test.each(["USB", "usd", "US", "XXX", "XAU", "", "USD ", 840])(
    "the currency %j is refused with a pointer",
    (currency) => {
      const { error } = createAuditsBody.safeParse(resource({ ...aRequest, transactionAmountInCents: 1, currency }));
      expect(error?.issues).toMatchObject([
        {
          path: ["data", 0, "attributes", "currency"],
          message: "must be the code of a currency in ISO 4217, such as USD",
        },
      ]);
    },
  );

  test("every currency is accepted, and none", () => {
    for (const currency of [...currencies, null]) {
      expect(createAuditsBody.safeParse(resource({ ...aRequest, currency })).success).toBe(true);
    }
  });

  test("100 audits are accepted", () => {
    expect(createAuditsBody.safeParse({ data: Array(100).fill({ type: "audit", attributes: aRequest }) }).success).toBe(
      true,
    );
  });
});

describe("the legacy create", () => {
  test("null fields are left out", () => {
    const body = createLegacyAuditBody.parse({ ...legacy, merchantId: null, submitterName: null });
    expect(JSON.parse(JSON.stringify(body))).toEqual(legacy);
  });

  test.each([
    { transactionAmountInCents: 1.5 },
    { transactionAmountInCents: "100" },
    { transactionAmountInCents: 1_000_000_000_001 },
    { transactionAmountInCents: -1_000_000_000_001 },
    { preferredContactEmail: undefined },
    { issuer: null },
  ])("%p is refused", (changes) => {
    expect(createLegacyAuditBody.safeParse({ ...legacy, ...changes }).success).toBe(false);
  });
});

describe("the list's query", () => {
  test("without parameters it selects all, fifty per page", () => {
    expect(listAuditsQuery.parse({})).toEqual({ filter: {}, order: newestFirst, size: 50 });
  });

  test("times may have any offset", () => {
    const query = { "filter[after]": "2026-03-14T13:00:00+01:00", "filter[before]": "2026-03-14T12:00:00.000Z" };
    expect(listAuditsQuery.parse(query).filter).toMatchObject({ since: noon, before: noon });
  });

  test.each([
    { "page[size]": "0" },
    { "page[size]": "201" },
    { "page[size]": "1.5" },
    { "page[size]": "many" },
    { "page[size]": "" },
    { "filter[status]": "closed" },
    { "filter[after]": "yesterday" },
    { "filter[after]": "2026-13-14" },
    { "filter[userId]": "" },
  ])("%p is refused", (query) => {
    expect(listAuditsQuery.safeParse(query).success).toBe(false);
  });
});

test("a user in a path is an id, or a 400 that names the parameter", () => {
  expect(userIdParameter("user 1")).toBe("user 1");
  for (const bad of [undefined, "", "a\n", "x".repeat(257), "a%41", "a/1", "a?1"]) {
    expect(() => userIdParameter(bad)).toThrow(
      expect.objectContaining({
        statusCode: 400,
        errors: [expect.objectContaining({ source: { parameter: "userId" } })],
      }),
    );
  }
});
