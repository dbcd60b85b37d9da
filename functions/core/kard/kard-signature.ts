import { createHmac, timingSafeEqual } from "node:crypto";

/** Creates `notify-signature`: base64 of HMAC-SHA256 over the raw body (Kard's notification guide). */
export function kardSignature(webhookKey: string, rawBody: Uint8Array | string): string {
  return createHmac("sha256", webhookKey).update(rawBody).digest("base64");
}

/** Verifies `notify-signature` in constant time. */
export function isKardSignature(webhookKey: string, rawBody: Uint8Array, signature: string): boolean {
  const right = Buffer.from(kardSignature(webhookKey, rawBody));
  const given = Buffer.from(signature);
  return given.length === right.length && timingSafeEqual(given, right);
}
