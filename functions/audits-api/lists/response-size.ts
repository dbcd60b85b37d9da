/**
 * Lambda refuses a response of more than 6 MB (Lambda quotas). The rest is for headers and links.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const maxBytes = 5_500_000;

/**
 * Returns the number of a page's resources that fit into a response, which is at least one.
 *
 * @param resources in the order of the page; `undefined` if one is left out
 */
export function countThatFits(resources: readonly unknown[]): number {
  let bytes = 0;
  const firstTooMany = resources.findIndex((resource, position) => {
    bytes += bytesInResponse(resource);
    return bytes > maxBytes && position > 0;
  });
  return firstTooMany === -1 ? resources.length : firstTooMany;
}

/** A function's response is JSON that has the body as a text, so the body's JSON is escaped again. */
function bytesInResponse(resource: unknown): number {
  return resource === undefined ? 0 : Buffer.byteLength(JSON.stringify(JSON.stringify(resource)));
}
