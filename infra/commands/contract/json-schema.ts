import { z } from "zod";
import type { PublishedShape } from "./published-shapes.ts";

/** A JSON Schema, as far as the contract uses it. */
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
 * The JSON Schema of a shape. Fields that it does not name are allowed: they may be added at any time, and a receiver
 * that refused them would break.
 */
export function jsonSchemaOf(
  { schema, title, summary }: PublishedShape,
  target: "draft-2020-12" | "draft-07",
): JsonSchema {
  // Of what goes in: zod's schema of what comes out forbids further properties.
  const { $schema, ...rest } = z.toJSONSchema(schema, { target, io: "input" });
  return { ...($schema === undefined ? {} : { $schema }), title, description: summary, ...(rest as JsonSchema) };
}
