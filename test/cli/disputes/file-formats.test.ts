import { rmSync } from "node:fs";
import { afterAll, expect, test } from "@jest/globals";
import type { ReadOptions } from "../../../cli/disputes/read-disputes.ts";
import { attributes, folder, head, latin, read } from "./disputes-file.ts";

afterAll(() => rmSync(folder, { recursive: true }));

test("empty rows of a spreadsheet are skipped, and lines keep their numbers", async () => {
  const row = (id: string) => `${id},u1,3006,Shop,,never posted,,`;
  const rows = await read("gaps.csv", [head, row("t1"), ",,,,,,,", " ,,,,,,, ", row("t2"), ",,", ""].join("\n"));
  expect(rows.map(({ line, transactionId, problem }) => [line, transactionId, problem])).toEqual([
    [2, "t1", undefined],
    [5, "t2", undefined],
  ]);
});

test("a JSON file may begin with a byte order mark", async () => {
  const [only] = await read("bom.json", `\ufeff${JSON.stringify([{ ...attributes, userId: "u1" }])}`);
  expect(only?.dispute).toEqual({ userId: "u1", attributes });
});
const only = { line: 2, transactionId: "t1", dispute: { userId: "u1", attributes }, problem: undefined };

test.each<[string, Buffer, ReadOptions]>([
  ["windows-1252 by its name", latin, { encoding: "windows-1252" }],
  ["latin1 by its name", latin, { encoding: "latin1" }],
  ["UTF-16 by its byte order mark", Buffer.from(`\ufeff${latin.toString("latin1")}`, "utf16le"), {}],
  ["UTF-16, big-endian", Buffer.from(`\ufeff${latin.toString("latin1")}`, "utf16le").swap16(), {}],
  ["UTF-16 by its name", Buffer.from(latin.toString("latin1"), "utf16le"), { encoding: "utf-16le" }],
])("a file can have %s", async (_, content, options) => {
  expect(await read("encoded.csv", content, options)).toEqual([only]);
});

test.each([
  ["no-encoding", "--encoding no-encoding is unknown"],
  ["shift_jis", "is not SHIFT_JIS"],
])("encoding %s is refused", async (encoding, message) => {
  await expect(read("encoded.csv", Buffer.from([0x81, 0x0a]), { encoding })).rejects.toEqual(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }),
  );
});

test.each([
  ["semicolons, Excel's default in Europe", ";"],
  ["tabs", "\t"],
])("columns can be separated by %s", async (_, delimiter) => {
  const row = ["t1", "u1", "3006", "Café Zoé", "", '"never posted, really"', "", ""];
  const text = [head.split(","), row].map((values) => values.join(delimiter)).join("\r\n");
  expect(await read("delimited.csv", text)).toEqual([only]);
});

test("a column without a name is skipped if it is empty, and refused otherwise", async () => {
  const text = `${head},,\nt1,u1,3006,Café Zoé,,"never posted, really",,,,\nt2,u1,3006,Shop,,x,,,note,\n`;
  expect(await read("nameless.csv", text)).toEqual([
    only,
    expect.objectContaining({ line: 3, problem: "has a value in a column without a name: note" }),
  ]);
});
