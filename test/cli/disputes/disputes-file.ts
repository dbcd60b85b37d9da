import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ReadOptions, readDisputes } from "../../../cli/disputes/read-disputes.ts";

export const folder = mkdtempSync(join(tmpdir(), "disputes-"));

export function read(name: string, content: string | Buffer, options: ReadOptions = {}) {
  const file = join(folder, name);
  writeFileSync(file, content);
  return readDisputes(file, options);
}

export const head = "transaction_id,user_id,audit_code,merchant_name,amount_cents,description,contact_email,submitter";
export const attributes = {
  transactionId: "t1",
  auditCode: 3006,
  merchantName: "Café Zoé",
  auditDescription: "never posted, really",
};

export const latin = Buffer.from(`${head}\nt1,u1,3006,Café Zoé,,"never posted, really",,\n`, "latin1");
