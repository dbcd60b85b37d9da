import { InvalidArgumentError } from "commander";
import type { AuditResource } from "../api/audits.ts";

type Value = string | number | null | undefined;

/** The columns of lists and exports, named as in files of disputes. Times are ISO 8601. */
const columns = {
  audit_id: ({ id }) => id,
  kard_audit_id: ({ attributes }) => attributes.kardAuditId,
  reference: ({ attributes }) => attributes.reference,
  status: ({ attributes }) => attributes.status,
  submission: ({ attributes }) => attributes.submission,
  transaction_id: ({ attributes }) => attributes.transactionId,
  user_id: ({ relationships }) => relationships?.user.data.id,
  audit_code: ({ attributes }) => attributes.auditCode,
  merchant_name: ({ attributes }) => attributes.merchantName,
  merchant_id: ({ attributes }) => attributes.merchantId,
  amount_cents: ({ attributes }) => attributes.transactionAmountInCents,
  currency: ({ attributes }) => attributes.currency,
  description: ({ attributes }) => attributes.auditDescription,
  contact_email: ({ attributes }) => attributes.preferredContactEmail,
  submitter: ({ attributes }) => attributes.submitterName,
  issuer: ({ attributes }) => attributes.issuer,
  metadata: ({ attributes: { metadata } }) => (metadata === undefined ? undefined : JSON.stringify(metadata)),
  created_at: ({ attributes }) => attributes.createdAt,
  accepted_at: ({ attributes }) => attributes.acceptedAt,
  due_at: ({ attributes }) => attributes.dueAt,
  overdue_at: ({ attributes }) => attributes.overdueAt,
  settled_at: ({ attributes }) => attributes.settledAt,
  resolution_code: ({ attributes }) => attributes.resolutionCode,
  outcome: ({ attributes }) => attributes.outcome,
  fulfilment: ({ attributes }) => attributes.fulfilment,
  follow_up_at: ({ attributes }) => attributes.followUpAt,
  next_actor: ({ attributes }) => attributes.nextActor,
  /** Kard's resolution, or the reason of a refusal. */
  resolution: ({ attributes: { resolutionDescription, refusal } }) =>
    refusal === undefined ? resolutionDescription : `refused: ${refusal.map(({ detail }) => detail).join("; ")}`,
} satisfies Record<string, (audit: AuditResource) => Value>;

export type AuditColumn = keyof typeof columns;

export const auditColumns = Object.keys(columns) as AuditColumn[];

/** The value of a column for an audit. */
export function rawValue(audit: AuditResource, column: AuditColumn): Value {
  return columns[column](audit);
}

/** The same as text; empty if there is none. */
export function columnValue(audit: AuditResource, column: AuditColumn): string {
  return String(rawValue(audit, column) ?? "");
}

/** Parses an option with column names, separated by commas. */
export function columnNames(text: string): AuditColumn[] {
  return text.split(",").map((part) => {
    const column = auditColumns.find((name) => name === part.trim());
    if (column === undefined) throw new InvalidArgumentError(`It must be one or more of ${auditColumns.join(", ")}.`);
    return column;
  });
}
