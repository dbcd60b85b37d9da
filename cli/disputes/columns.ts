/** The column names of a file, and Kard's fields for them. */
const columns: Readonly<Record<string, string>> = {
  transaction_id: "transactionId",
  user_id: "userId",
  audit_code: "auditCode",
  merchant_name: "merchantName",
  merchant_id: "merchantId",
  amount_cents: "transactionAmountInCents",
  description: "auditDescription",
  contact_email: "preferredContactEmail",
  currency: "currency",
  submitter: "submitterName",
  reference: "reference",
  issuer: "issuer",
};
const ownNames = new Set([...Object.values(columns), "referringPartnerUserId", "metadata"]);

/** Kard's field for a column name or field name; `undefined` if it is unknown. */
export function fieldOf(column: string): string | undefined {
  if (ownNames.has(column)) return column;
  return Object.hasOwn(columns, column) ? columns[column] : undefined;
}

/**
 * Finds unknown columns and duplicate ones.
 *
 * @param metadata columns that become metadata
 */
export function problemOfColumns(names: readonly string[], metadata: readonly string[]): string | undefined {
  const unknown = names.filter((name) => fieldOf(name) === undefined && !metadata.includes(name));
  if (unknown.length > 0) {
    return `has unknown columns: ${unknown.map(withSuggestion).join(", ")}. --metadata keeps the columns that it names`;
  }
  const seen = new Map<string, string>();
  for (const name of names) {
    const field = fieldOf(name) ?? name;
    const other = seen.get(field);
    if (other !== undefined) return `has two columns for ${field}: ${other} and ${name}`;
    seen.set(field, name);
  }
  return undefined;
}

/** The column name of a field. */
export function columnOf(field: string): string {
  return Object.keys(columns).find((column) => columns[column] === field) ?? field;
}

/**
 * The missing required columns. Without a user, Kard's legacy call has other requirements.
 *
 * @param columns `hasIssuer`: whether the issuer's name is given for all lines; `metadata`: the requested metadata
 *   columns
 */
export function missingColumns(
  names: readonly string[],
  { hasIssuer, metadata }: { hasIssuer: boolean; metadata: readonly string[] },
): string | undefined {
  const fields = new Set(names.map(fieldOf));
  const lacks = (column: string) => !fields.has(columns[column]);
  const missing = ["transaction_id", "audit_code", "merchant_name", "description"].filter(lacks);
  const legacy = ["contact_email", ...(hasIssuer ? [] : ["issuer"])].filter(lacks);
  const hasUser = !lacks("user_id");
  if (!hasUser && legacy.length > 0) missing.push(`user_id (or ${legacy.join(" and ")}, for Kard's legacy call)`);
  missing.push(...metadata.filter((name) => !names.includes(name)));
  return missing.length === 0 ? undefined : `lacks columns: ${missing.join(", ")}`;
}

function withSuggestion(name: string): string {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z]/g, "");
  const own = letters(name);
  const meant = Object.keys(columns).find((column) => {
    const others = [letters(column), letters(columns[column] ?? "")];
    return own.length > 2 && others.some((other) => other.includes(own) || own.includes(other));
  });
  return meant === undefined ? name : `${name} (did you mean ${meant}?)`;
}
