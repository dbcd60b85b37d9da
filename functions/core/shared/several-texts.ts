import * as z from "zod";
import { maxValues } from "./list-query.ts";
import { listValuesOf } from "./list-values.ts";
import { blank, hidden, hiddenInLines } from "./text.ts";

/** The end of a parameter's description. */
export const orSeveral = `, or several with commas; \`\\,\` is a comma in a value, and \`\\\\\` a backslash.`;

const rule = "write a comma in a value as \\, and a backslash as \\\\";

/**
 * Several ids, separated by commas. `\,` is a comma in an id, and `\\` a backslash.
 *
 * @param maxCharacters of each id
 */
export function severalIdentifiers(maxCharacters = 256) {
  const edge = characterWithout(`${hidden}${blank}`);
  const id = `${edge}(${characterWithout(hidden)}{0,${maxCharacters - 2}}${edge})?`;
  return several(
    `^${id}(,${id}){0,${maxValues - 1}}$`,
    `must be up to ${maxValues} ids of at most ${maxCharacters} characters with commas only, without control or ` +
      `bidirectional characters; ${rule}`,
  );
}

/**
 * Several lines of text, separated by commas, in the same notation. A text after a comma must not begin with a space,
 * so a comma in a name that is not escaped is refused in most cases: `Coffee, Inc.` is not two names.
 *
 * @param maxCharacters of each text
 */
export function severalLines(maxCharacters: number) {
  const character = characterWithout(hiddenInLines);
  const first = `${character}{1,${maxCharacters}}`;
  const next = `${characterWithout(`${hiddenInLines} `)}${character}{0,${maxCharacters - 1}}`;
  return several(
    `^${first}(,${next}){0,${maxValues - 1}}$`,
    `must be up to ${maxValues} names of at most ${maxCharacters} characters with commas only, without control or ` +
      `bidirectional characters, or a space after a comma; ${rule}`,
  );
}

/** A character of a value, as a regular expression. */
function characterWithout(refused: string): string {
  return `([^${refused},\\\\]|\\\\[,\\\\])`;
}

function several(pattern: string, message: string) {
  return z.string("must be a string").regex(new RegExp(pattern, "u"), message).transform(listValuesOf);
}
