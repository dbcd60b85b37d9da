/**
 * The path as an HTTP API matches it and passes it to the function: decoded twice, and cut off at a `?` that the first
 * decoding produces. So an id with `/`, `?` or `%` arrives changed. Not documented by AWS; captured from a live API:
 * https://github.com/hotsock/voker, vokerhttp/testdata/ingress-paths.json
 *
 * @returns undefined if the API itself answers 400
 */
export function decodePath(sent: string): string | undefined {
  try {
    const [path = ""] = decodeURIComponent(sent).split("?");
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
