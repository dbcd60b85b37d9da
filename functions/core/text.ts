import { z } from "zod";

/** Control characters, and those that make text read in another order than it is written (Unicode's Bidi_Control). */
const deceptive = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u;

/** An identifier from outside: short, visible, well-formed text. */
export const identifier = z
  .string("must be a string")
  .min(1, "must not be empty")
  .max(256, "must have at most 256 characters")
  .refine((text) => text.isWellFormed() && !deceptive.test(text), "must not have control or bidirectional characters");

/** Text that a person wrote: well-formed, of bounded length. */
export function prose(mostCharacters: number) {
  return z
    .string("must be a string")
    .min(1, "must not be empty")
    .max(mostCharacters, `must have at most ${mostCharacters} characters`)
    .refine((text) => text.isWellFormed() && !text.includes("\0"), "must be well-formed text");
}
