import { expect, test } from "@jest/globals";
import { createRequest } from "../../../../functions/adapters/kard/create-audit.ts";

const kards = { transactionId: "t1", auditCode: 3006, merchantName: "Shop", auditDescription: "never posted" };
const legacy = {
  ...kards,
  ...{ preferredContactEmail: "a@example.com", issuer: "Bank", transactionAmountInCents: 2600 },
  ...{ referringPartnerUserId: "u1", merchantId: "m1", submitterName: "Ann" },
};
/** As stored: with the issuer's own data, for which Kard has no field. */
const stored = { ...legacy, currency: "USD", reference: "CASE-1", metadata: { queue: "vip" } };

test("a v2 create has Kard's four attributes and nothing else", () => {
  const { route, path, body } = createRequest("org", "user", stored);
  expect({ route, path }).toEqual({ route: "create", path: "/v2/issuers/org/users/user/audits" });
  expect(JSON.parse(body)).toEqual({ data: [{ type: "audit", attributes: kards }] });
});

test("a legacy create has Kard's fields, without currency, reference and metadata", () => {
  const { route, path, body } = createRequest("org", undefined, stored);
  expect({ route, path }).toEqual({ route: "legacy-create", path: "/transactions/audit" });
  expect(JSON.parse(body)).toEqual(legacy);
});
