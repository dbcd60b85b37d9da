import { z } from "zod";

/**
 * Reads a function's environment by its schema, at cold start.
 *
 * @throws Error naming each variable that is missing or wrong, without its value
 */
export function readEnvironment<Schema extends z.ZodType>(schema: Schema): z.output<Schema> {
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  throw new Error(`the environment does not fit:\n${z.prettifyError(result.error)}`);
}
