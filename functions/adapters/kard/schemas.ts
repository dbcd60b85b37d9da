import { z } from "zod";
import { withoutControls } from "../../core/shared/text.ts";

const maxTextLength = 5_000;

/** An id that Kard gave, as text or as a number: opaque, printable, of bounded length. */
export const kardId = z
  .union([z.string(), z.int()])
  .transform((id) => String(id).trim())
  .pipe(z.string().regex(/^[\x21-\x7e]{1,256}$/));

/**
 * Kard's free text: cut so that an audit always fits a database item, without control and bidirectional characters and
 * lone surrogates.
 */
export function kardText(text: string): string {
  return withoutControls(text.slice(0, maxTextLength));
}

/** A text that may be missing or of another type: numbers are read as text, all else as missing. */
export const optionalText = z
  .union([z.string(), z.number()])
  .transform((text) => kardText(String(text)))
  .optional()
  .catch(undefined);

/** An integer that may be missing, written as text or of another type, which is read as missing. */
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

/** The value of a JSON text, or undefined where it is none. */
export function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** An id as one segment of a path. Dots alone would walk up the path, so they are escaped as well. */
export function pathSegment(id: string): string {
  return encodeURIComponent(id.toWellFormed()).replace(/^\.{1,2}$/, (dots) => "%2E".repeat(dots.length));
}
