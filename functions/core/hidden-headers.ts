/** What is shown in place of a header's value. */
export const hidden = "********";

/** Words of fewer characters are no secrets, and hiding them would hide half of any text. */
const shortestSecret = 8;

/**
 * A text without the values of a subscription's own headers, nor the longer words of them, in the forms in which endpoints
 * mostly echo what they are sent: as they are, in JSON, in a URL, or in a form. There are more, so that no such text is to
 * be kept.
 */
export function hideHeaderValues(text: string, headers: Readonly<Record<string, string>> = {}): string {
  const words = Object.values(headers).flatMap((value) => [value.trim(), ...value.split(/[\s,;=]+/)]);
  return words
    .filter((word) => word.length >= shortestSecret)
    .flatMap(asEchoed)
    .sort((a, b) => b.length - a.length)
    .reduce((shown, word) => shown.replaceAll(word, hidden), text);
}

function asEchoed(word: string): string[] {
  const inJson = JSON.stringify(word).slice(1, -1);
  const inUrl = encodeURIComponent(word);
  const inSmallLetters = inUrl.replace(/%../g, (escaped) => escaped.toLowerCase());
  const inForm = new URLSearchParams({ "": word }).toString().slice(1);
  return [word, inJson, inJson.replaceAll("/", "\\/"), inUrl, inSmallLetters, inForm];
}
