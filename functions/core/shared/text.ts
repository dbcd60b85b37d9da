import { z } from "zod";

/**
 * No control character, none that makes text read in another order than it is written (Unicode's Bidi_Control, Zl and
 * Zp), no half of a surrogate pair, and neither U+FFFE nor U+FFFF, which SQS refuses in message attributes; neither
 * first nor last anything that shows as nothing or as a blank (White_Space, soft hyphen, zero-width characters).
 * Spelled out, for clients whose patterns know no Unicode properties.
 */
const hidden =
  "\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufffe\\uffff";
const blank = " \\u00a0\\u00ad\\u1680\\u180e\\u2000-\\u200d\\u202f\\u205f\\u2060\\u3000\\ufeff";
const visibleWithout = (refused: string) =>
  new RegExp(`^[^${hidden}${blank}${refused}]([^${hidden}${refused}]*[^${hidden}${blank}${refused}])?$`, "u");

/** Text that can be stored and sent as UTF-8 and that no C program cuts short. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is refused
const wellFormed = /^[^\u0000\ud800-\udfff]*$/u;

/** An identifier from outside: short, visible, well-formed text. */
export const identifier = z
  .string("must be a string")
  .min(1, { error: "must not be empty", abort: true })
  .max(256, "must have at most 256 characters")
  .regex(
    visibleWithout(""),
    "must not have control or bidirectional characters, nor begin or end with a blank or invisible one",
  );

/**
 * An identifier that the path of an HTTP API carries unharmed. API Gateway decodes a path twice and cuts it off at an
 * encoded `?`, so `100%2541` would arrive as `100A`: another user. The function never sees the path as it was sent.
 * Captured from a live API: https://github.com/hotsock/voker, vokerhttp/testdata/ingress-paths.json
 */
export const pathIdentifier = z
  .string("must be a string")
  .min(1, { error: "must not be empty", abort: true })
  .max(256, "must have at most 256 characters")
  .regex(
    visibleWithout("%/?"),
    "must not have %, / or ?, nor control or bidirectional characters, nor begin or end with a blank or invisible one",
  );

/** Text that a person wrote: well-formed, of bounded length. */
export function prose(mostCharacters: number) {
  return z
    .string("must be a string")
    .min(1, "must not be empty")
    .max(mostCharacters, `must have at most ${mostCharacters} characters`)
    .regex(wellFormed, "must be well-formed text");
}

/**
 * Whether two texts say the same to a person: line ends, blanks around them and how accents are composed do not
 * count.
 */
export function isSameText(one: string, other: string | undefined): boolean {
  return other !== undefined && normalized(one) === normalized(other);
}

function normalized(text: string): string {
  return text.replace(/\r\n?/g, "\n").normalize("NFC").trim();
}
