import { rmSync } from "node:fs";
import { afterAll, expect, test } from "@jest/globals";
import { attributes, folder, head, read } from "./disputes-file.ts";

afterAll(() => rmSync(folder, { recursive: true }));

test("a line with a user uses Kard's v2 call, one without the legacy call", async () => {
  const rows = [
    't1,u1,3006,Café Zoé,,"never posted, really",,',
    't1,,3006,Café Zoé,2600,"never posted, really",a@b.example,Ana',
  ];
  expect(await read("both.csv", `\ufeff${[head, ...rows].join("\r\n")}\r\n`, { issuer: "Meridian Bank" })).toEqual([
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

test("each invalid line is reported with its number and does not affect others", async () => {
  const lines = [
    head,
    't1,u1,3006,Shop,1,"a description of',
    'two lines",,',
    "t2,u1,cashback,Shop,1,never posted,,",
    "t3,u1,3006,Shop,1,never posted",
    "t4,u1,3006,,1,never posted,,",
    "t5,,3006,Shop,1,never posted,a@b.example,",
    "t6,u1,3006,Shop,1,never posted,,",
  ];
  const read6 = await read("wrong.csv", lines.join("\n"));
  expect(read6.map(({ line, problem }) => [line, problem])).toEqual([
    [2, undefined],
    [4, "auditCode: must be a whole number"],
    [5, "has 6 fields instead of 8"],
    [6, "merchantName: is empty"],
    [7, "issuer: is missing; or give a userId"],
    [8, undefined],
  ]);
  expect(read6.map(({ transactionId }) => transactionId)).toEqual(["t1", "t2", "t3", "t4", "t5", "t6"]);
});

test("a JSON list uses Kard's field names", async () => {
  const list = [{ ...attributes, userId: "u1", merchantId: "m1" }, "nothing", { userId: "u1" }];
  const [first, second, third] = await read("list.json", JSON.stringify(list));
  expect(first?.dispute).toEqual({ userId: "u1", attributes });
  expect(second).toMatchObject({ line: 2, problem: "is not an object" });
  expect(third).toMatchObject({ line: 3, problem: expect.stringContaining("transactionId: is missing") });
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
  [
    "latin-1.csv",
    Buffer.from(`${head}\nt1,u1,3006,Café,,never posted,,\n`, "latin1"),
    `is not UTF-8: byte ${head.length + 16}, in line 2, is 0xe9. Save it as UTF-8, or name its encoding`,
  ],
  [
    "replaced-before.csv",
    Buffer.concat([Buffer.from(`${head}\nt1,u1,3006,\ufffd`), Buffer.from("é", "latin1")]),
    `is not UTF-8: byte ${head.length + 15 + 1}, in line 2, is 0xe9`,
  ],
  ["utf-16.csv", Buffer.from(head, "utf16le"), "has NUL characters"],
  ["one-missing.csv", "transaction_id,user_id,audit_code,description\nt1,u1,3006,x\n", "lacks columns: merchant_name"],
  [
    "most-missing.csv",
    "transaction_id,merchant_name,description\nt1,Shop,x\n",
    "lacks columns: audit_code, user_id (or contact_email and issuer, for Kard's legacy call)",
  ],
])("%s cannot be read", async (name, content, message) => {
  await expect(read(name, content)).rejects.toEqual(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }),
  );
});

test("a JSON object with an unknown name is not submitted", async () => {
  const legacy = { ...attributes, preferredContactEmail: "a@b.example", issuer: "Bank" };
  const list = [
    { ...legacy, user: "u1" },
    { ...legacy, transaction_id: "t2" },
    { ...legacy, note: "x" },
  ];
  const lines = await read("names.json", JSON.stringify(list));
  expect(lines.map(({ dispute, problem }) => [dispute, problem])).toEqual([
    [undefined, "has unknown columns: user (did you mean user_id?). --metadata keeps the columns that it names"],
    [undefined, "has two columns for transactionId: transactionId and transaction_id"],
    [undefined, "has unknown columns: note. --metadata keeps the columns that it names"],
  ]);
});

test("ids that begin or end with a space are refused by name", async () => {
  const [first] = await read("blanks.csv", `${head}\nt1\u200b,u1\u00a0,3006,Shop,,never posted,,\n`);
  expect(first?.problem).toMatch(/userId: must not .*begin or end with.*; transactionId: must not/);
});

test("an empty id is reported as empty, and a user that is invalid in a path is refused on its own line", async () => {
  const text = [head, ",u1,3006,Shop,,x,,", "t2,u/../1,3006,Shop,,x,,", "t3,..,3006,Shop,,x,,", "t4,u1,3006,Shop,,x,,"];
  const problems = (await read("ids.csv", text.join("\n"))).map(({ problem }) => problem);
  expect(problems).toEqual([
    "transactionId: is empty",
    expect.stringContaining("userId: must not contain %, / or ?"),
    "userId: must not be . or ..",
    undefined,
  ]);
});

test("a value that a spreadsheet has probably damaged gets a warning", async () => {
  const text = [head, '"1,23E+15",u1,3006,Shop,,x,,', "t2,1.23E+15,3006,Caf\ufffd,,x,,", "1E5b,u1,3006,Shop,,1E+5,,"];
  const warnings = (await read("damaged.csv", text.join("\n"))).map(({ warning }) => warning);
  expect(warnings).toEqual([
    expect.stringMatching(/^transactionId: 1,23E\+15 looks like a number that a spreadsheet has shortened/),
    expect.stringMatching(/^userId: 1\.23E\+15 looks like .*; merchantName: contains U\+FFFD/),
    undefined,
  ]);
});

test("a reference that a spreadsheet has shortened gets a warning", async () => {
  const [first] = await read("reference.csv", `${head},reference\nt1,u1,3006,Shop,,x,,,1.23E+15`);
  expect(first?.warning).toMatch(/^reference: 1\.23E\+15 looks like a number/);
});

test("a text with terminal control characters is refused by name", async () => {
  const [first] = await read("escapes.csv", `${head}\nt1,u1,3006,Shop\x1b[2J,,a\u202eb,,\n`);
  expect(first?.problem).toMatch(
    /^merchantName: must not contain control .*; auditDescription: must not contain control/,
  );
});

test("the issuer's own reference, amount and metadata are filed, and columns without a field are named", async () => {
  const text = [
    "transaction_id,user_id,audit_code,merchant_name,description,reference,amount_cents,currency,queue,branch,merchant_id",
    "T1,u1,3006,Shop,x,CASE-1,-2600,USD,vip,,m1",
    "T2,u1,3006,Shop,x,,,,,,",
  ].join("\n");
  const [first, second] = await read("own.csv", text, { metadata: ["queue", "branch"] });
  const shared = { auditCode: 3006, merchantName: "Shop", auditDescription: "x" };
  const own = { reference: "CASE-1", transactionAmountInCents: -2600, currency: "USD", metadata: { queue: "vip" } };
  expect(first).toMatchObject({
    ignored: ["merchant_id"],
    dispute: { attributes: { ...shared, ...own, transactionId: "T1" } },
  });
  expect(second?.dispute).toEqual({ userId: "u1", attributes: { ...shared, transactionId: "T2" } });
  expect(second?.ignored).toBeUndefined();
  await expect(read("own.csv", text, { metadata: ["queue", "branch", "region"] })).rejects.toEqual(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining("lacks columns: region") }),
  );
});

test("the order of columns and names makes no difference", async () => {
  const metadata = ["queue", "branch"];
  const names = "transaction_id,user_id,audit_code,merchant_name,description,queue,branch";
  const values = "t1,u1,3006,Shop,x,vip,north";
  const mirrored = (line: string) => line.split(",").reverse().join(",");
  const own = { transactionId: "t1", userId: "u1", auditCode: 3006, merchantName: "Shop", auditDescription: "x" };
  const all = [
    await read("order.csv", `${names}\n${values}`, { metadata }),
    await read("order.csv", `${mirrored(names)}\n${mirrored(values)}`, { metadata }),
    await read("order.json", JSON.stringify([{ ...own, queue: "vip", branch: "north" }]), { metadata }),
    await read("order.json", JSON.stringify([{ metadata: { queue: "vip", branch: "north" }, ...own }])),
    await read("order.json", JSON.stringify([{ ...own, metadata: { branch: "north", queue: "vip" } }])),
  ];
  const disputes = all.map(([line]) => JSON.stringify(line?.dispute));
  expect(disputes[0]).toContain('"metadata":{"branch":"north","queue":"vip"}');
  expect(new Set(disputes).size).toBe(1);
});
