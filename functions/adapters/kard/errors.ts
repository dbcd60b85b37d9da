import * as z from "zod";
import type { JsonApiError } from "../../core/shared/json-api-error.ts";
import { withoutControls } from "../../core/shared/text.ts";
import { parseJson } from "./schemas.ts";

// `process.getBuiltinModule` loads less than an import (docs/decisions/0007).
const { STATUS_CODES } = process.getBuiltinModule("node:http");

const maxErrors = 10;

const textOrNumber = z.union([z.string(), z.int()]).transform(String);
const short = lenient(bounded(256));
const errorObject = z.object({
  status: lenient(textOrNumber.pipe(z.string().regex(/^[45]\d\d$/))),
  title: short,
  detail: lenient(bounded(1_000)),
  message: lenient(bounded(1_000)),
  source: lenient(z.object({ pointer: short, parameter: short, header: short })),
  id: lenient(textOrNumber.pipe(bounded(256))),
});

const envelope = z.union([
  z.object({ errors: z.array(z.unknown()).min(1) }).transform(({ errors }) => errors),
  z.object({ errors: z.union([z.looseObject({}), z.string()]) }).transform(({ errors }) => [errors]),
  z.object({ message: z.string() }).transform(({ message }) => [message]),
  z.array(z.unknown()).min(1),
  z.string().transform((message) => [message]),
]);

/** An optional field: null and values of another type count as missing. */
function lenient<Schema extends z.ZodType>(schema: Schema) {
  return schema.optional().catch(undefined);
}

/** Text of limited length without control characters. */
function bounded(length: number) {
  return z.string().transform((text) => withoutControls(text.slice(0, length).replace(/\p{Cc}+/gu, " ")));
}

/**
 * Parses Kard's error responses in all their shapes: `{errors: [ErrorObject]}`, and from legacy calls `{errors:
 * [string]}`, `{message}` or a bare string (Kard's reference, the errors of both creates). Invalid fields are ignored.
 * Returns one to ten errors with texts of limited length and without markup.
 */
export function parseKardErrors(status: number, body: string): JsonApiError[] {
  const parsed = envelope.safeParse(parseJson(body) ?? body);
  return normalizeKardErrors(status, parsed.success ? parsed.data : [""]);
}

/** The same for errors without their envelope. `status` is the default status of an error. */
export function normalizeKardErrors(status: number, errors: readonly unknown[]): JsonApiError[] {
  return errors.slice(0, maxErrors).map((error) => {
    const parsed = errorObject.safeParse(error);
    return parsed.success ? errorFrom(status, parsed.data) : errorFrom(status, { detail: textFrom(error) });
  });
}

function errorFrom(status: number, given: Partial<z.infer<typeof errorObject>>): JsonApiError {
  const { status: ownStatus = String(status), source, id } = given;
  const title = given.title ?? STATUS_CODES[ownStatus] ?? "Error";
  const detail = [given.detail, given.message, given.title].find((text) => text !== undefined && text.trim() !== "");
  const places = Object.entries(source ?? {}).filter(([, place]) => place !== undefined);
  return {
    status: ownStatus,
    title,
    detail: detail ?? "Kard gave no readable reason.",
    ...(places.length > 0 && { source: Object.fromEntries(places) }),
    ...(id !== undefined && { id }),
  };
}

function textFrom(error: unknown): string | undefined {
  const text = typeof error === "string" ? bounded(1_000).parse(error).trim() : "";
  return /^[<{[]/.test(text) ? undefined : text;
}
