import { requestFingerprint } from "../../core/audits/idempotency.ts";
import type { HttpRequest } from "../../platform/http.ts";
import { httpError } from "../../platform/http-error.ts";

/** A structured-field string with quotes (RFC 8941, 3.3.3), or the bare text that most clients send. */
const quoted = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])+)"$/;
const bare = /^[\x21\x23-\x7e]+$/;
const maxCharacters = 255;

/**
 * The Idempotency-Key of a request and the request's fingerprint (IETF draft-ietf-httpapi-idempotency-key).
 *
 * @throws HttpError 400 if the key is empty, too long, or not visible ASCII
 */
export function idempotencyOf(request: HttpRequest): { key: string; fingerprint: string } | undefined {
  const header = request.headers["idempotency-key"];
  if (header === undefined) return undefined;
  const key = quoted.exec(header)?.[1]?.replaceAll(/\\(["\\])/g, "$1") ?? (bare.test(header) ? header : "");
  if (key === "" || key.length > maxCharacters) {
    throw httpError(400, `must be 1 to ${maxCharacters} visible ASCII characters, optionally in double quotes`, {
      header: "Idempotency-Key",
    });
  }
  return { key, fingerprint: fingerprintOf(request) };
}

/** Identifies a request by its method, path and the bytes of its body. */
export function fingerprintOf({ method, path, body }: HttpRequest): string {
  return requestFingerprint(method, path, body.bytes.toString("base64"));
}
