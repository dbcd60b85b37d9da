import { fieldOf } from "./columns.ts";

/** A row of a file of disputes, by the file's own column names. */
export interface Row {
  /** In a table the first line of the record; in a JSON file the position in the list, from 1. */
  line: number;
  values: object;
  /** Why it is not a dispute. */
  problem?: string | undefined;
}

const numbers = ["auditCode", "transactionAmountInCents"];

/** A row's values by Kard's field names, without empty ones. */
export function fieldsOf({ values }: Row): Record<string, unknown> {
  const entries = Object.entries(values).flatMap(([given, value]) => {
    const name = fieldOf(given) ?? given;
    if (value === "" || value === null) return [];
    return [[name, numbers.includes(name) && /^\d{1,15}$/.test(String(value)) ? Number(value) : value] as const];
  });
  return Object.fromEntries(entries);
}

/** Whether the file has a column for a field, even if it is empty here. */
export function hasColumn({ values }: Row, field: string): boolean {
  return Object.keys(values).some((name) => fieldOf(name) === field);
}
