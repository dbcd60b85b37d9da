import * as z from "zod";

// Character classes are spelled out, because some clients have no Unicode property escapes.

/**
 * Control characters except tab and line ends, and characters that change the reading direction (Unicode's
 * Bidi_Control, Zl and Zp). Terminals and log viewers obey them (https://www.unicode.org/reports/tr36/).
 */
const control =
  "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069";
/** A lone surrogate, which is not valid UTF-8. */
const surrogate = "\\ud800-\\udfff";
const lineEnd = "\\u0009\\u000a\\u000d";
/** What a line of text must not contain, for a character class. */
export const hiddenInLines = control + lineEnd + surrogate;
/**
 * All of these, and U+FFFE and U+FFFF, which SQS refuses in message attributes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export const hidden = `${hiddenInLines}\\ufffe\\uffff`;
/** Invisible characters: White_Space, soft hyphen, zero-width characters. */
export const blank = " \\u00a0\\u00ad\\u1680\\u180e\\u2000-\\u200d\\u202f\\u205f\\u2060\\u3000\\ufeff";
const visibleWithout = (refused: string) =>
  new RegExp(`^[^${hidden}${blank}${refused}]([^${hidden}${refused}]*[^${hidden}${blank}${refused}])?$`, "u");

/** An external identifier: short, visible, well-formed text. */
export const identifier = z
  .string("must be a string")
  .min(1, { error: "must not be empty", abort: true })
  .max(256, "must have at most 256 characters")
  .regex(
    visibleWithout(""),
    "must not contain control or bidirectional characters, or begin or end with a space or invisible character",
  );

/**
 * An identifier that is safe in the path of an HTTP API. API Gateway decodes a path twice and cuts it off at an encoded
 * `?`, so `100%2541` would arrive as `100A`: another user. The function never sees the original path. Captured from a
 * live API: https://github.com/hotsock/voker, vokerhttp/testdata/ingress-paths.json
 */
export const pathIdentifier = z
  .string("must be a string")
  .min(1, { error: "must not be empty", abort: true })
  .max(256, "must have at most 256 characters")
  .regex(
    visibleWithout("%/?"),
    "must not contain %, / or ?, control or bidirectional characters, or begin or end with a space or invisible character",
  );

/** Human-written text of several lines, of limited length. */
export function freeText(maxCharacters: number) {
  return textWithout(control + surrogate, maxCharacters, "must not contain control or bidirectional characters");
}

/** Human-written text of one line, of limited length. */
export function singleLine(maxCharacters: number) {
  return textWithout(
    hiddenInLines,
    maxCharacters,
    "must not contain control or bidirectional characters, or line breaks",
  );
}

function textWithout(refused: string, maxCharacters: number, message: string) {
  return z
    .string("must be a string")
    .min(1, "must not be empty")
    .max(maxCharacters, `must have at most ${maxCharacters} characters`)
    .regex(new RegExp(`^[^${refused}]*$`, "u"), message);
}

const controls = new RegExp(`[${control}]`, "gu");

/** Removes control and bidirectional characters from external text. Tabs and line breaks are kept. */
export function withoutControls(text: string): string {
  return text.toWellFormed().replace(controls, "");
}

const obeyed = new RegExp(`[${control}\\r${surrogate}]`, "gu");

/** Text for a terminal or JSON: control and bidirectional characters are escaped as `\\u001b`. Line ends stay. */
export function escapeControls(text: string): string {
  return text.replace(obeyed, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/**
 * Whether two texts are equal to a reader: line ends, surrounding spaces and the composition of accents are ignored.
 */
export function isSameText(one: string, other: string | undefined): boolean {
  return other !== undefined && normalized(one) === normalized(other);
}

function normalized(text: string): string {
  return text.replace(/\r\n?/g, "\n").normalize("NFC").trim();
}
