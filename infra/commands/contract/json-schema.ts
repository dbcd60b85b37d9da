import * as z from "zod";
import type { PublishedShape } from "./published-events.ts";

/** The parts of JSON Schema that the contract uses. */
export interface JsonSchema {
  $schema?: string;
  title?: string;
  description?: string;
  type?: string | string[];
  format?: string;
  pattern?: string;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
}

/**
 * The JSON Schema of a shape. It allows additional fields, because fields can be added at any time and receivers must
 * accept them.
 */
export function jsonSchemaOf(
  { schema, title, summary }: PublishedShape,
  target: "draft-2020-12" | "draft-07",
): JsonSchema {
  // `io: "input"`, because zod's output schemas forbid additional properties.
  const { $schema, ...rest } = z.toJSONSchema(schema, { target, io: "input" });
  return { ...($schema === undefined ? {} : { $schema }), title, description: summary, ...(rest as JsonSchema) };
}
