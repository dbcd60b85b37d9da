import { expect, test } from "@jest/globals";
import type { AuditDetailsResource, AuditResource } from "../../../cli/api/audits.ts";
import { auditLine, auditPage, auditTable, lineTable } from "../../../cli/output/tables.ts";
import { auditDetailsShape, auditShape } from "../../../functions/audits-api/audit-shapes.ts";
import { anAudit, anAuditInDetail, refused } from "../../../infra/commands/contract/openapi/audit-examples.ts";

const hostile = "Shop\x1b[2J\x07\u202egnp";
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what terminals obey
const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

function auditWith(attributes: object): AuditResource {
  return auditShape.parse({ ...anAudit, attributes: { ...anAudit.attributes, ...attributes } });
}

function detailsWith(attributes: object): AuditDetailsResource {
  return auditDetailsShape.parse({ ...anAuditInDetail, attributes: { ...anAuditInDetail.attributes, ...attributes } });
}

test("a table escapes control characters, and its columns stay aligned", () => {
  const drawn = [
    auditTable([auditWith({ resolutionDescription: hostile })]),
    lineTable([{ line: 2, transactionId: hostile, result: "invalid", reason: hostile }]),
    auditPage(detailsWith({ timeline: [{ what: "delivery", at: anAudit.attributes.createdAt, error: hostile }] })),
  ];
  for (const text of drawn) {
    expect(text).not.toMatch(obeyed);
    expect(text).toContain("Shop\\u001b[2J\\u0007\\u202egnp");
  }
  expect(new Set(drawn[0]?.split("\n").map((line) => line.length)).size).toBe(1);
});

test("an audit's line is one line", () => {
  const lines = auditLine(auditWith({ resolutionDescription: "refunded\nfake-id  CLOSED" }));
  expect(lines.split("\n")).toHaveLength(1);
});

test("a list shows why Kard refused an audit", () => {
  const {
    resolutionCode: _code,
    resolutionDescription: _text,
    resolutionTimeStamp: _time,
    ...open
  } = anAudit.attributes;
  const rejected = auditShape.parse({ ...anAudit, attributes: { ...open, status: "REJECTED", refusal: [refused] } });
  expect(auditTable([rejected])).toContain(`refused: ${refused.detail}`);
  expect(auditLine(rejected)).toContain(`refused: ${refused.detail}`);
});

test("a list has the requested columns", () => {
  const [, head, , row] = auditTable([auditWith({})], ["transaction_id", "merchant_name", "settled_at"]).split("\n");
  const cells = (line = "") => line.split("│").map((cell) => cell.trim());
  expect(cells(head)).toEqual(["", "transaction_id", "merchant_name", "settled_at", ""]);
  expect(cells(row)).toEqual(["", "txn-1", "Caribbean Goodness", "2026-03-14 12:30", ""]);
});

test("an audit's page explains its resolution", () => {
  const page = auditPage(detailsWith({ resolutionCode: 5007, outcome: "pending_adjustment", nextActor: "kard" }));
  expect(page).toContain("  Kard sends the transaction again by webhook.\n");
  expect(page).toContain("  outcome: pending_adjustment; next to act: kard\n");
});
