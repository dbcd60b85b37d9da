import { meaningOf } from "../../core/kard/resolution-meanings.ts";
import { type Audit, claimOf, nextActorOf, statusOf } from "./audit-words.ts";

const columns: Readonly<Record<string, (audit: Audit) => string | number | null | undefined>> = {
  id: ({ id }) => id,
  kardAuditId: ({ attributes }) => attributes.kardAuditId,
  transactionId: ({ attributes }) => attributes.transactionId,
  reference: ({ attributes }) => attributes.reference,
  userId: ({ relationships }) => relationships?.user.data.id,
  merchantName: ({ attributes }) => attributes.merchantName,
  amountInCents: ({ attributes }) => attributes.transactionAmountInCents,
  currency: ({ attributes }) => attributes.currency,
  claim: ({ attributes }) => claimOf(attributes.auditCode),
  description: ({ attributes }) => attributes.auditDescription,
  createdAt: ({ attributes }) => attributes.createdAt,
  dueAt: ({ attributes }) => attributes.dueAt,
  settledAt: ({ attributes }) => attributes.settledAt,
  status: (audit) => statusOf(audit).words,
  resolutionCode: ({ attributes }) => attributes.resolutionCode,
  resolution: ({ attributes }) =>
    attributes.status === "CLOSED" ? meaningOf(attributes.resolutionCode).meaning : undefined,
  nextActor: nextActorOf,
};

/**
 * Audits as CSV for spreadsheets (RFC 4180). Excel reads UTF-8 correctly only with a byte order mark. A text that a
 * spreadsheet would run as a formula gets a leading `'` (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function csvOf(audits: Iterable<Audit>): string {
  const lines = [Object.keys(columns).join(",")];
  for (const audit of audits)
    lines.push(
      Object.values(columns)
        .map((value) => field(value(audit) ?? ""))
        .join(","),
    );
  return `\ufeff${lines.join("\r\n")}\r\n`;
}

function field(value: string | number): string {
  if (typeof value === "number") return String(value);
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
