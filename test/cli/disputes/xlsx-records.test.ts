import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { readDisputes } from "../../../cli/disputes/read-disputes.ts";
import { type Cell, workbook } from "../support/workbook.ts";

const folder = mkdtempSync(join(tmpdir(), "workbooks-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read(content: Buffer) {
  const file = join(folder, "disputes.xlsx");
  writeFileSync(file, content);
  return readDisputes(file, {});
}

const head = ["transaction_id", "user_id", "audit_code", "merchant_name", "description"];
const row = (transaction: Cell, user: Cell = "u1"): Cell[] => [
  transaction,
  user,
  { number: "3006" },
  "Café <Zoé>",
  "x",
];

test("the first sheet of a workbook is read, with numbers as text", async () => {
  const rows = [head, row("t1"), [], row({ number: "123456789012345" }, { number: "1.23E4" })];
  const lines = await read(workbook(rows));
  const dispute = (transactionId: string, userId: string) => ({
    userId,
    attributes: { transactionId, auditCode: 3006, merchantName: "Café <Zoé>", auditDescription: "x" },
  });
  expect(lines).toMatchObject([
    { line: 2, dispute: dispute("t1", "u1") },
    { line: 4, dispute: dispute("123456789012345", "12300") },
  ]);
  expect(lines.map(({ problem, warning }) => problem ?? warning)).toEqual([undefined, undefined]);
});

test("numbers that Excel has rounded, and dates, are refused on their own lines", async () => {
  const rows = [
    head,
    row({ number: "1.23456789012345E+18" }),
    row({ number: "1234567890123450" }),
    row({ date: 46_000 }),
    row("t4"),
  ];
  expect((await read(workbook(rows))).map(({ line, problem }) => [line, problem])).toEqual([
    [2, expect.stringMatching(/^has the number 1\.23456789012345E\+18, but Excel keeps only 15 digits/)],
    [3, expect.stringContaining("has the number 1234567890123450, ")],
    [4, expect.stringContaining("has a date, 2025-12-09; format the column as text")],
    [5, undefined],
  ]);
});

test("a missing column is named", async () => {
  await expect(read(workbook([head.slice(1), row("t1").slice(1)]))).rejects.toEqual(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining("lacks columns: transaction_id") }),
  );
});

test.each([
  ["a broken archive", Buffer.from("PK\x03\x04 and nothing else"), "is not an Excel workbook"],
  ["the old format", Buffer.from("d0cf11e0a1b11ae1", "hex"), "is in Excel's old format or has a password"],
])("%s is refused", async (_, content, message) => {
  await expect(read(content)).rejects.toEqual(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }),
  );
});
