import { stringify } from "csv-stringify/sync";
import { escapeControls } from "../../functions/core/shared/text.ts";
import type { AuditResource } from "../api/audits.ts";
import { type AuditColumn, rawValue } from "../output/audit-columns.ts";

/** A format that is written in parts, so that the export need not fit into memory. */
export interface ExportFormat {
  head: string;
  /** @param before how many audits were written before */
  rows(audits: readonly AuditResource[], before: number): string;
  tail: string;
}

const byteOrderMark = "\ufeff";

/** CSV for spreadsheets, without formulas. Excel reads UTF-8 correctly only with a byte order mark. */
export function csvFormat(columns: readonly AuditColumn[]): ExportFormat {
  const written = (rows: unknown[][]) => stringify(rows, { record_delimiter: "windows", quote_record_delimiter: true });
  const cell = (value: ReturnType<typeof rawValue>) => (typeof value === "string" ? asText(value) : (value ?? ""));
  return {
    head: byteOrderMark + written([[...columns]]),
    rows: (audits) => written(audits.map((audit) => columns.map((column) => cell(rawValue(audit, column))))),
    tail: "",
  };
}

/**
 * Puts a `'` before a character that a spreadsheet would take as the beginning of a formula: at the beginning of the
 * text, and where the computer's region or another program begins a new cell
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
function asText(value: string): string {
  return value.replace(/(^|[;\t\r\n])([ "]*)([=+\-@\uff1d\uff0b\uff0d\uff20])/g, "$1$2'$3");
}

/** A JSON list of audits, as the API shows them. */
export const jsonFormat: ExportFormat = {
  head: "[",
  rows: (audits, before) =>
    audits
      .map((audit, index) => `${before + index === 0 ? "" : ","}\n${escapeControls(JSON.stringify(audit))}`)
      .join(""),
  tail: "\n]\n",
};
