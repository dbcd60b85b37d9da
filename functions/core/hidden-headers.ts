/** What is shown in place of a header's value. */
export const hidden = "********";

/** Shorter ones are no secrets, and hiding them would hide half of any text. */
const shortestValue = 4;
const shortestWord = 8;

const entities: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" };

/**
 * A text without the values of a subscription's own headers, nor the longer words of them, as endpoints that echo what
 * they are sent give them back: as they are, or with any of their characters escaped as in JSON, a URL, a form or HTML.
 */
export function hideHeaderValues(text: string, headers: Readonly<Record<string, string>> = {}): string {
  const values = Object.values(headers);
  const words = values.flatMap((value) => value.split(/[\s,;=]+/));
  return [
    ...values.filter(({ length }) => length >= shortestValue),
    ...words.filter(({ length }) => length >= shortestWord),
  ]
    .sort((a, b) => b.length - a.length)
    .reduce((shown, word) => shown.replace(new RegExp(Array.from(word, asEchoed).join(""), "g"), hidden), text);
}

/** The pattern of one printable ASCII character, escaped or not; backslashes may themselves have been escaped. */
function asEchoed(character: string): string {
  const code = character.charCodeAt(0);
  const hex = code
    .toString(16)
    .padStart(2, "0")
    .replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
  const named = entities[character];
  const ways = [
    character.replace(/[^A-Za-z0-9]/, "\\$&"),
    ...[`u00${hex}`, `x${hex}`, `%(?:25)?${hex}`, `&#0{0,2}${code};`, `&#[xX]0{0,2}${hex};`],
    ...(named === undefined ? [] : [`&${named};`]),
    ...(character === " " ? ["\\+"] : []),
  ];
  return `\\\\{0,3}(?:${ways.join("|")})`;
}
