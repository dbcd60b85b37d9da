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

/**
 * CSV for spreadsheets. A text that a spreadsheet would run as a formula gets a leading `'`
 * (https://owasp.org/www-community/attacks/CSV_Injection). Excel reads UTF-8 correctly only with a byte order mark.
 */
export function csvFormat(columns: readonly AuditColumn[]): ExportFormat {
  const written = (rows: unknown[][]) => stringify(rows, { escape_formulas: true, record_delimiter: "windows" });
  return {
    head: byteOrderMark + written([[...columns]]),
    rows: (audits) => written(audits.map((audit) => columns.map((column) => rawValue(audit, column) ?? ""))),
    tail: "",
  };
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
