import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { newDirectory, run } from "../support/runner.ts";

const head = "transaction_id,user_id,audit_code,merchant_name,amount_cents,description,contact_email,submitter";
const rowOf = (transactionId: string, userId = "user-1") =>
  `${transactionId},${userId},3006,A merchant whose name is longer than any column of a table,4599,missing,a@example.com,Desk`;

function disputes(...rows: string[]): string {
  const file = join(newDirectory(), "disputes.csv");
  writeFileSync(file, `${[head, ...rows].join("\n")}\n`);
  return file;
}

const patienceMs = 150_000;

/** The block of figures; the times are those of the machine. */
function figuresIn(stdout: string): string[] {
  const lines = stdout.split("\n");
  const start = lines.indexOf("Figures");
  return lines.slice(start, start + 4).map((line) => line.replace(/\d+\.\d s/g, "0.0 s"));
}

const seesAllThrough = async () => {
  const { code, stdout, stderr } = await run("demo", [disputes(rowOf("txn-1"), rowOf("txn-2"), rowOf("txn-3", ""))])
    .ended;
  expect(stderr).not.toMatch(/^txn-/m);
  expect(stdout).toMatch(/All 3 disputes were resolved, published and delivered\.\n$/);
  expect(stdout).toContain("0 denied by the template's policies");
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(120);
  expect(stdout.match(/├/g)).toHaveLength(1);
  expect(figuresIn(stdout)).toEqual([
    "Figures",
    "  filed 3, closed 3; resolved $137.97, at stake $0.00",
    "  resolutions by code: 5002 × 1, 5003 × 1, 5004 × 1",
    "  time to resolution of 3006: median 0.0 s, 90 % in 0.0 s",
  ]);
  expect(stderr).not.toContain("Error");
  expect(code).toBe(0);
};

const namesTheOneThatGoesWrong = async () => {
  const file = disputes(rowOf("txn-1"), rowOf("refuse-400-txn-2"), rowOf("txn-3"));
  const { code, stdout, stderr } = await run("demo", [file]).ended;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^refuse-400-txn-2 was not accepted: .*failed with 400/m);
  expect(stderr).not.toMatch(/^txn-[13]/m);
  expect(stdout).not.toContain("were resolved, published and delivered");
  expect(stdout).toMatch(/^│ refuse-400.*missing/m);
  expect(figuresIn(stdout).slice(0, 2)).toEqual(["Figures", "  filed 3, closed 2; resolved $91.98, at stake $0.00"]);
};

test("the demo completes every dispute and reports it", seesAllThrough, patienceMs);
test("a failed dispute is reported, and the others are completed", namesTheOneThatGoesWrong, patienceMs);

test("an unreadable file ends the demo with one line", async () => {
  const { code, stderr } = await run("demo", ["no-such-file.csv"]).ended;
  expect(stderr).toMatch(/^Cannot start: no-such-file\.csv cannot be read as CSV: .*\n$/);
  expect(code).toBe(1);
});
