import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { readDisputes } from "../../cli/read-disputes.ts";

const folder = mkdtempSync(join(tmpdir(), "disputes-"));
afterAll(() => rmSync(folder, { recursive: true }));

function read(name: string, content: string | Buffer, issuer?: string) {
  const file = join(folder, name);
  writeFileSync(file, content);
  return readDisputes(file, issuer);
}

const head = "transaction_id,user_id,audit_code,merchant_name,amount_cents,description,contact_email,submitter";
const attributes = {
  transactionId: "t1",
  auditCode: 3006,
  merchantName: "Café Zoé",
  auditDescription: "never posted, really",
};

test("a line with a user is filed by Kard's v2 call, one without by its legacy one", () => {
  const rows = [
    't1,u1,3006,Café Zoé,,"never posted, really",,',
    't1,,3006,Café Zoé,2600,"never posted, really",a@b.example,Ana',
  ];
  expect(read("both.csv", `\ufeff${[head, ...rows].join("\r\n")}\r\n`, "Meridian Bank")).toEqual([
    { line: 2, transactionId: "t1", dispute: { userId: "u1", attributes }, problem: undefined },
    {
      line: 3,
      transactionId: "t1",
      dispute: {
        userId: undefined,
        attributes: {
          ...attributes,
          issuer: "Meridian Bank",
          preferredContactEmail: "a@b.example",
          submitterName: "Ana",
          transactionAmountInCents: 2600,
        },
      },
      problem: undefined,
    },
  ]);
});

test("each wrong line is told of by its own number, and takes no other with it", () => {
  const lines = [
    head,
    't1,u1,3006,"a shop of',
    'two lines",1,never posted,,',
    "t2,u1,3007,Shop,1,never posted,,",
    "t3,u1,3006,Shop,1,never posted",
    "t4,u1,3006,,1,never posted,,",
    "t5,,3006,Shop,1,never posted,a@b.example,",
    "t6,u1,3006,Shop,1,never posted,,",
  ];
  const read6 = read("wrong.csv", lines.join("\n"));
  expect(read6.map(({ line, problem }) => [line, problem])).toEqual([
    [2, undefined],
    [4, "auditCode: must be one of 3005, 3006, 8001"],
    [5, "has 6 fields instead of 8"],
    [6, "merchantName: must be a string"],
    [7, "issuer: must be a string"],
    [8, undefined],
  ]);
  expect(read6.map(({ transactionId }) => transactionId)).toEqual(["t1", "t2", "t3", "t4", "t5", "t6"]);
});

test("a JSON list has Kard's own names", () => {
  const list = [{ ...attributes, userId: "u1", transactionAmountInCents: 1 }, "nothing", { userId: "u1" }];
  const [first, second, third] = read("list.json", JSON.stringify(list));
  expect(first?.dispute).toEqual({ userId: "u1", attributes });
  expect(second).toMatchObject({ line: 2, problem: "is not an object" });
  expect(third).toMatchObject({ line: 3, problem: expect.stringContaining("transactionId: must be a string") });
});

test.each([
  ["other-columns.csv", "transaction_id,usr_id\nt1,u1\n", "has unknown columns: usr_id"],
  [
    "misnamed.csv",
    "transaction_id,user,code\nt1,u1,3006\n",
    "user (did you mean user_id?), code (did you mean audit_code?)",
  ],
  [
    "twice.csv",
    "transaction_id,transactionId\nt1,t2\n",
    "has two columns for transactionId: transaction_id and transactionId",
  ],
  ["same-twice.csv", "user_id,transaction_id,user_id\nu,t1,v\n", "has two columns for userId: user_id and user_id"],
  ["nothing.csv", `${head}\n`, "has no disputes"],
  ["open-quote.csv", `${head}\n"t1,u1\n`, "is not CSV: Quote Not Closed"],
  ["object.json", "{}", "is not a JSON list"],
  ["text.json", "t1", "is not JSON"],
  ["latin-1.csv", Buffer.from(`${head}\nt1,u1,3006,Café,,never posted,,\n`, "latin1"), "is not text in UTF-8"],
  ["utf-16.json", Buffer.from("\ufeff[]", "utf16le"), "is not text in UTF-8"],
])("%s cannot be read at all", (name, content, message) => {
  expect(() => read(name, content)).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }),
  );
});

test("rows of a spreadsheet without any value are passed over, and lines keep their numbers", () => {
  const row = (id: string) => `${id},u1,3006,Shop,,never posted,,`;
  const rows = read("gaps.csv", [head, row("t1"), ",,,,,,,", " ,,,,,,, ", row("t2"), ",,", ""].join("\n"));
  expect(rows.map(({ line, transactionId, problem }) => [line, transactionId, problem])).toEqual([
    [2, "t1", undefined],
    [5, "t2", undefined],
  ]);
});

test("a JSON file may begin with a byte order mark", () => {
  const [only] = read("bom.json", `\ufeff${JSON.stringify([{ ...attributes, userId: "u1" }])}`);
  expect(only?.dispute).toEqual({ userId: "u1", attributes });
});

test("a JSON object with a name that is none is not filed, whatever is left of it", () => {
  const legacy = { ...attributes, preferredContactEmail: "a@b.example", issuer: "Bank" };
  const list = [
    { ...legacy, user: "u1" },
    { ...legacy, transaction_id: "t2" },
    { ...legacy, note: "x" },
  ];
  expect(read("names.json", JSON.stringify(list)).map(({ dispute, problem }) => [dispute, problem])).toEqual([
    [undefined, "has unknown columns: user (did you mean user_id?)"],
    [undefined, "has two columns for transactionId: transactionId and transaction_id"],
    [undefined, "has unknown columns: note"],
  ]);
});

test("ids that begin or end with a blank are refused by name", () => {
  const [first] = read("blanks.csv", `${head}\nt1\u200b,u1\u00a0,3006,Shop,,never posted,,\n`);
  expect(first?.problem).toMatch(/userId: must not .*begin or end with.*; transactionId: must not/);
});
