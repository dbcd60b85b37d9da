import { fieldOf } from "./columns.ts";

/** A row of a file of disputes, by the names that the file has. */
export interface Row {
  /** In a table the line it begins in; in a JSON file its position in the list, from 1. */
  line: number;
  values: object;
  /** Why it cannot be a dispute. */
  problem?: string | undefined;
}

const numbers = ["auditCode", "transactionAmountInCents"];

/** A row's values by Kard's names; empty ones are left out. */
export function fieldsOf({ values }: Row): Record<string, unknown> {
  const entries = Object.entries(values).flatMap(([given, value]) => {
    const name = fieldOf(given) ?? given;
    if (value === "" || value === null) return [];
    return [[name, numbers.includes(name) && /^\d{1,15}$/.test(String(value)) ? Number(value) : value] as const];
  });
  return Object.fromEntries(entries);
}

/** Whether the file has a value for a field, if only an empty one. */
export function hasColumn({ values }: Row, field: string): boolean {
  return Object.keys(values).some((name) => fieldOf(name) === field);
}
