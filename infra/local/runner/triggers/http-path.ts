/**
 * The path as an HTTP API routes it and hands it to the function: decoded twice, and cut off at a `?` that the first
 * decoding brings out. So an id with `/`, `?` or `%` does not arrive as it was sent. Not documented by AWS; captured
 * from a live API: https://github.com/hotsock/voker, vokerhttp/testdata/ingress-paths.json
 *
 * @returns undefined where the API itself answers 400
 */
export function decodePath(sent: string): string | undefined {
  try {
    const [path = ""] = decodeURIComponent(sent).split("?");
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
