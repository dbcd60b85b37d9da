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

/** Audits as CSV for spreadsheets (RFC 4180). Excel reads UTF-8 correctly only with a byte order mark. */
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

/**
 * A `'` goes before a character that a spreadsheet would take as the beginning of a formula: at the beginning of the
 * text, and where the computer's region or another program begins a new cell
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function field(value: string | number): string {
  if (typeof value === "number") return String(value);
  const harmless = value.replace(/(^|[;\t\r\n])([ "]*)([=+\-@\uff1d\uff0b\uff0d\uff20])/g, "$1$2'$3");
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
