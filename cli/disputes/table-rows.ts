import { Failure } from "../failure.ts";
import { missingColumns, problemOfColumns } from "./columns.ts";
import type { Row } from "./row.ts";

/** A record of a table, as in the file. */
export interface TableRecord {
  /** Its first line, from 1. */
  line: number;
  values: readonly string[];
  /** Why its values are not reliable. */
  problem?: string | undefined;
}

export interface ExpectedColumns {
  /** Whether the issuer's name is given for all rows. */
  hasIssuer: boolean;
  /** Columns that become metadata. */
  metadata: readonly string[];
}

/**
 * Reads the rows of a table whose first record is the header. Empty rows and columns are skipped, because spreadsheets
 * leave them.
 *
 * @throws Failure (usage) if columns are unknown, duplicate or missing
 */
export function tableRows(file: string, all: readonly TableRecord[], expected: ExpectedColumns): Row[] {
  const [head, ...records] = all.filter(({ values }) => !values.every(isBlank));
  const names = head?.values.map((name) => name.trim()) ?? [];
  const named = names.filter((name) => name !== "");
  const problem = problemOfColumns(named, expected.metadata) ?? missingColumns(named, expected);
  if (problem !== undefined) throw new Failure("usage", `${file} ${problem}`);
  return records.map(({ line, values, problem: known }): Row => {
    const entries = names.map((name, index) => [name, values[index] ?? ""] as const);
    const row = { line, values: Object.fromEntries(entries.filter(([name]) => name !== "")), problem: known };
    // A non-empty value in a column without a name.
    if (values.length < names.length || !values.slice(names.length).every(isBlank)) {
      return { ...row, problem: `has ${values.length} fields instead of ${names.length}` };
    }
    const nameless = entries.find(([name, value]) => name === "" && !isBlank(value));
    return nameless === undefined ? row : { ...row, problem: `has a value in a column without a name: ${nameless[1]}` };
  });
}

function isBlank(value: string): boolean {
  return value.trim() === "";
}
