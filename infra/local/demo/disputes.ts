import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import * as z from "zod";
import { StartUpError } from "../runner/template/start-up-error.ts";

const dispute = z
  .object({
    transaction_id: z.string().min(1),
    user_id: z.string(),
    audit_code: z.coerce.number().int(),
    merchant_name: z.string().min(1),
    amount_cents: z.coerce.number().int(),
    description: z.string().min(1),
    contact_email: z.string().min(1),
    submitter: z.string().min(1),
  })
  .transform((row) => ({
    userId: row.user_id === "" ? undefined : row.user_id,
    transactionId: row.transaction_id,
    auditCode: row.audit_code,
    merchantName: row.merchant_name,
    auditDescription: row.description,
    preferredContactEmail: row.contact_email,
    transactionAmountInCents: row.amount_cents,
    submitterName: row.submitter,
  }));

/** A customer's dispute, as a support team exports it. A dispute without a user uses Kard's legacy call. */
export type Dispute = z.output<typeof dispute>;

/**
 * Reads a CSV file of disputes.
 *
 * @throws StartUpError in one line, with the first error
 */
export function readDisputes(file: string): Dispute[] {
  const result = z.array(dispute).safeParse(rowsOf(file));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const [row, column] = issue?.path ?? [];
  throw new StartUpError(`${file}, dispute ${Number(row) + 1}, ${String(column)}: ${issue?.message}`);
}

function rowsOf(file: string): unknown[] {
  try {
    return parse(readFileSync(file), { columns: true, bom: true });
  } catch (error) {
    throw new StartUpError(`${file} cannot be read as CSV: ${error instanceof Error ? error.message : error}`);
  }
}
