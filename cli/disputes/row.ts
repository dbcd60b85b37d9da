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
 * A row's values by Kard's field names, without empty ones. Metadata is sorted by name: a dispute must be the same,
 * with the same Idempotency-Key, for any order of columns.
 *
 * @param metadataColumns columns whose values become metadata
 */
export function fieldsOf({ values }: Row, metadataColumns: readonly string[]): Record<string, unknown> {
  const given = Object.entries(values).filter(([, value]) => value !== "" && value !== null);
  const isMetadata = ([name]: [string, unknown]) => metadataColumns.includes(name);
  const fields = given
    .filter((entry) => !isMetadata(entry))
    .map(([name, value]) => fieldWith(fieldOf(name) ?? name, value));
  const { metadata: own, ...others }: Record<string, unknown> = Object.fromEntries(fields);
  const named = given.filter(isMetadata);
  const metadata = named.length === 0 ? own : Object.fromEntries(named);
  return metadata === undefined ? others : { ...others, metadata: sorted(metadata) };
}

/** An object with its names in order. Other values are left to validation. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function fieldWith(name: string, value: unknown): [string, unknown] {
  return [name, numbers.includes(name) && /^-?\d{1,15}$/.test(String(value)) ? Number(value) : value];
}

/** Whether the file has a column for a field, even if it is empty here. */
export function hasColumn({ values }: Row, field: string): boolean {
  return Object.keys(values).some((name) => fieldOf(name) === field);
}
