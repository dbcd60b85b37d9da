import type { JsonSchema } from "./json-schema.ts";

const decidedByValues = ["$ref", "properties", "additionalProperties", "const", "enum", "pattern", "maxProperties"];

/**
 * Whether every object with these keys matches a schema (`true`), none does (`false`), or its values decide
 * (`undefined`).
 */
export function matchesByKeys(schema: JsonSchema, keys: ReadonlySet<string>): boolean | undefined {
  if (schema.required?.some((name) => !keys.has(name))) return false;
  const parts: (boolean | undefined)[] = decidedByValues.some((word) => word in schema) ? [undefined] : [];
  if (schema.anyOf !== undefined) parts.push(any(schema.anyOf.map((part) => matchesByKeys(part, keys))));
  if (schema.not !== undefined) {
    const inner = matchesByKeys(schema.not, keys);
    parts.push(inner === undefined ? undefined : !inner);
  }
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}

function any(parts: readonly (boolean | undefined)[]): boolean | undefined {
  if (parts.includes(true)) return true;
  return parts.includes(undefined) ? undefined : false;
}
