import { expect, test } from "@jest/globals";
import { parse } from "csv-parse/sync";
import type { Audit } from "../../../functions/console/logic/audit-words.ts";
import { csvOf } from "../../../functions/console/logic/csv.ts";
import { formulaTexts, plainTexts } from "../../support/formula-texts.ts";

const audit = (attributes: Partial<Audit["attributes"]>): Audit => ({
  type: "audit",
  id: "audit-1",
  attributes: {
    ...{ organizationId: "org", status: "CLOSED", transactionId: "txn", auditCode: 3006, merchantName: "Café" },
    ...{ auditDescription: "a", submission: "confirmed", createdAt: "2026-03-14T12:00:00.000Z", sequence: 1 },
    ...attributes,
  },
});
const read = (text: string) => parse(text, { columns: true, bom: true }) as Record<string, string>[];

test("each audit is a line with its status and resolution in words", () => {
  expect(read(csvOf([audit({ resolutionCode: 5004, outcome: "favourable", nextActor: "nobody" })]))).toMatchObject([
    { id: "audit-1", claim: "Missing cashback", status: "Resolved", resolutionCode: "5004" },
  ]);
});

test.each([...plainTexts, "ünï 寿司 \u05d0"])("the text %j survives", (merchantName) => {
  expect(read(csvOf([audit({ merchantName })]))[0]?.merchantName).toBe(merchantName);
});

test.each(formulaTexts)("%j is written as the text %j", (reference, harmless) => {
  expect(read(csvOf([audit({ reference })]))[0]?.reference).toBe(harmless);
});
