import * as z from "zod";

/**
 * Parses the function's environment variables at cold start.
 *
 * @throws Error that names each missing or invalid variable, without its value
 */
export function readEnvironment<Schema extends z.ZodType>(schema: Schema): z.output<Schema> {
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  throw new Error(`the environment variables are invalid:\n${z.prettifyError(result.error)}`);
}
