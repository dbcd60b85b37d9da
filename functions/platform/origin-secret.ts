import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { httpError } from "./http-error.ts";

/**
 * Refuses a request that did not come through the owner's proxy, such as CloudFront with a firewall, which adds
 * `x-origin-secret`. An HTTP API has no resource policy for this
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html).
 *
 * @param hashes SHA-256 of each accepted secret, in hexadecimal; `undefined` accepts every request
 * @throws HttpError 403 without an accepted secret
 */
export function checkOriginSecret(hashes: readonly string[] | undefined, headers: IncomingHttpHeaders): void {
  if (hashes === undefined) return;
  const given = createHash("sha256")
    .update(String(headers["x-origin-secret"] ?? ""))
    .digest();
  const isAccepted = hashes.map((hash) => timingSafeEqual(Buffer.from(hash, "hex"), given));
  if (!isAccepted.includes(true)) throw httpError(403, "call this API by its public host name");
}
