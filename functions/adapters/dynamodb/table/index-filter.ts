/** A condition on an attribute that an index projects. Times are epoch milliseconds, `before` is exclusive. */
export type IndexCondition = { attribute: string } & (
  | { anyOf: readonly (string | number)[] | undefined }
  | { since?: number | undefined; before: number | undefined }
  | { since: number | undefined; before?: number | undefined }
  | { exists: boolean | undefined }
);

/** The filter expression of a query with all conditions that have a value; `undefined` without any. */
export function filterExpression(conditions: readonly IndexCondition[]) {
  const names: Record<string, string> = {};
  const values: Record<string, string | number> = {};
  const clauses = conditions.flatMap((condition) => {
    const { attribute } = condition;
    const name = `#${attribute}`;
    const placeholder = (suffix: string, value: string | number) => {
      values[`:${attribute}${suffix}`] = value;
      return `:${attribute}${suffix}`;
    };
    const found = clausesOf(condition, name, placeholder);
    if (found.length > 0) names[name] = attribute;
    return found;
  });
  return { expression: clauses.length === 0 ? undefined : clauses.join(" AND "), names, values };
}

function clausesOf(
  condition: IndexCondition,
  name: string,
  placeholder: (suffix: string, value: string | number) => string,
): string[] {
  if ("anyOf" in condition) {
    const placeholders = condition.anyOf?.map((value, i) => placeholder(String(i), value));
    return placeholders === undefined ? [] : [`${name} IN (${placeholders.join(", ")})`];
  }
  if ("exists" in condition) {
    if (condition.exists === undefined) return [];
    return [condition.exists ? `attribute_exists(${name})` : `attribute_not_exists(${name})`];
  }
  const { since, before } = condition;
  return [
    ...(since === undefined ? [] : [`${name} >= ${placeholder("Since", since)}`]),
    ...(before === undefined ? [] : [`${name} < ${placeholder("Before", before)}`]),
  ];
}
