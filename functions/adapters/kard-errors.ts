import { STATUS_CODES } from "node:http";
import { z } from "zod";
import type { KardError } from "../core/audit.ts";
import { parseJson } from "./kard-schemas.ts";

const maxErrors = 10;

const short = bounded(256).exactOptional();
const errorObject = z.object({
  status: z.string().regex(/^[45]\d\d$/),
  title: bounded(256),
  detail: bounded(1_000),
  source: z.object({ pointer: short, parameter: short, header: short }).exactOptional(),
  id: short,
});
const legacyErrors = z.union([
  z.object({ errors: z.array(z.unknown()).min(1) }).transform(({ errors }) => errors),
  z.object({ message: z.string() }).transform(({ message }) => [message]),
  z.string().transform((message) => [message]),
]);

/** Text of bounded length without control characters. */
function bounded(length: number) {
  return z.string().transform((text) =>
    text
      .slice(0, length)
      .replace(/\p{Cc}+/gu, " ")
      .toWellFormed(),
  );
}

/**
 * Kard's error answer as Kard's own error objects, whatever its shape: `{errors: [ErrorObject]}`, and from the legacy
 * calls `{errors: [string]}`, `{message}` or a bare string (Kard's reference, the errors of both creates). Always at
 * least one; at most ten, each cut to a bounded length. Markup is not passed on.
 */
export function parseKardErrors(status: number, body: string): KardError[] {
  const parsed = legacyErrors.safeParse(parseJson(body) ?? body);
  return normalizeKardErrors(status, parsed.success ? parsed.data : [""]);
}

/** The same for errors already taken out of their envelope; `status` is what those without one of their own get. */
export function normalizeKardErrors(status: number, errors: readonly unknown[]): KardError[] {
  return errors.slice(0, maxErrors).map((error) => {
    const parsed = errorObject.safeParse(error);
    return parsed.success ? parsed.data : errorFromText(status, error);
  });
}

function errorFromText(status: number, error: unknown): KardError {
  const text = typeof error === "string" ? bounded(1_000).parse(error).trim() : "";
  const readable = text !== "" && !/^[<{[]/.test(text);
  return {
    status: String(status),
    title: STATUS_CODES[status] ?? "Error",
    detail: readable ? text : "Kard gave no readable reason.",
  };
}
