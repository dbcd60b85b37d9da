/** What is shown in place of a header's value. */
export const hidden = "********";

/** Words of fewer characters are no secrets, and hiding them would hide half of any text. */
const shortestSecret = 8;

/**
 * A text without the values of a subscription's own headers, nor the longer words of them, as endpoints that echo what
 * they are sent give them back: as they are, in JSON, or in a URL.
 */
export function hideHeaderValues(text: string, headers: Readonly<Record<string, string>> = {}): string {
  const words = Object.values(headers).flatMap((value) => [value, ...value.split(/[\s,;=]+/)]);
  return words
    .filter((word) => word.length >= shortestSecret)
    .flatMap((word) => [word, JSON.stringify(word).slice(1, -1), encodeURIComponent(word)])
    .sort((a, b) => b.length - a.length)
    .reduce((shown, word) => shown.replaceAll(word, hidden), text);
}
