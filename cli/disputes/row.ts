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

/**
 * A row's values by Kard's field names, without empty ones.
 *
 * @param metadataColumns columns whose values become metadata
 */
export function fieldsOf({ values }: Row, metadataColumns: readonly string[]): Record<string, unknown> {
  const given = Object.entries(values).filter(([, value]) => value !== "" && value !== null);
  const isMetadata = ([name]: [string, unknown]) => metadataColumns.includes(name);
  const fields = given
    .filter((entry) => !isMetadata(entry))
    .map(([name, value]) => fieldWith(fieldOf(name) ?? name, value));
  const metadata = given.filter(isMetadata);
  return {
    ...Object.fromEntries(fields),
    ...(metadata.length === 0 ? {} : { metadata: Object.fromEntries(metadata) }),
  };
}

function fieldWith(name: string, value: unknown): [string, unknown] {
  return [name, numbers.includes(name) && /^-?\d{1,15}$/.test(String(value)) ? Number(value) : value];
}

/** Whether the file has a column for a field, even if it is empty here. */
export function hasColumn({ values }: Row, field: string): boolean {
  return Object.keys(values).some((name) => fieldOf(name) === field);
}
