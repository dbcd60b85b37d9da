import { rmSync } from "node:fs";
import { afterAll, expect, test } from "@jest/globals";
import { folder, head, read } from "./disputes-file.ts";

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["\r\n", "\n"],
  ["\n", "\r\n"],
  ["\r", "\n"],
])("line ends may differ: %j, then %j", async (first, second) => {
  const names = "transaction_id,user_id,audit_code,merchant_name,description";
  const text = `${names}${first}t1,u1,3006,Shop,x${second}t2,u1,3006,Shop,x${first}${first}t3,u1,3006,Shop,"x${first}y"${second}t4,u1,3006,Shop,x`;
  const lines = await read("mixed.csv", text);
  expect(lines.map(({ line, transactionId, problem }) => [line, transactionId, problem])).toEqual([
    [2, "t1", undefined],
    [3, "t2", undefined],
    [5, "t3", undefined],
    [7, "t4", undefined],
  ]);
  expect(lines.map(({ dispute }) => dispute?.attributes.auditDescription)).toEqual(["x", "x", "x\ny", "x"]);
});

test("empty lines count in line numbers", async () => {
  const lines = await read("gaps.csv", `\n${head}\n\n\nt1,u1,3006,Shop,,x,,\n\nt2,u1,3006,,,x,,\n\n`);
  expect(lines.map(({ line, problem }) => [line, problem])).toEqual([
    [5, undefined],
    [7, "merchantName: is empty"],
  ]);
});

test("a text of several lines is the same with any line ends", async () => {
  const texts = ["\n", "\r\n", "\r"].map((end) => `${head}\nt1,u1,3006,Shop,,"first${end}second",,\n`);
  const all = await Promise.all(texts.map((text, position) => read(`several-${position}.csv`, text)));
  expect(all.map(([line]) => line?.dispute?.attributes.auditDescription)).toEqual(Array(3).fill("first\nsecond"));
});
