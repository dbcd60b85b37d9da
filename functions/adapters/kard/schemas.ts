import * as z from "zod";
import { withoutControls } from "../../core/shared/text.ts";

const maxTextLength = 5_000;

/** An id of Kard, as text or number: opaque, printable, of limited length. */
export const kardId = z
  .union([z.string(), z.int()])
  .transform((id) => String(id).trim())
  .pipe(z.string().regex(/^[\x21-\x7e]{1,256}$/));

/** Kard's free text, shortened to fit a database item, without lone surrogates. */
export function kardText(text: string): string {
  return withoutControls(text.slice(0, maxTextLength));
}

/** An optional text. Numbers are converted; other types count as missing. */
export const optionalText = z
  .union([z.string(), z.number()])
  .transform((text) => kardText(String(text)))
  .optional()
  .catch(undefined);

/** An optional integer, also as text. Other types count as missing. */
export const optionalInteger = z
  .union([
    z.int(),
    z
      .string()
      .trim()
      .regex(/^-?\d{1,15}$/)
      .transform(Number),
  ])
  .optional()
  .catch(undefined);

/** Parses JSON; `undefined` if it is malformed. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Encodes an id as one path segment. Segments of dots alone are escaped, too, because they would change the path. */
export function pathSegment(id: string): string {
  return encodeURIComponent(id.toWellFormed()).replace(/^\.{1,2}$/, (dots) => "%2E".repeat(dots.length));
}
