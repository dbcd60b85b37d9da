import * as z from "zod";
import { StartUpError } from "./start-up-error.ts";

/**
 * Parses a part of the template.
 * @param what names the part in the error.
 * @throws StartUpError with the first mismatch, such as a property that the runner does not model.
 */
export function parseTemplatePart<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.map(String).join(".") ?? "";
  throw new StartUpError(`${what}: ${path === "" ? "" : `${path}: `}${issue?.message ?? "invalid"}`);
}

/** A property that is accepted and has no effect here. */
export const ignored = z.unknown().optional();
