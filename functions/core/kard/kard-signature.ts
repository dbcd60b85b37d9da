import { createHmac, timingSafeEqual } from "node:crypto";

/** Verifies `notify-signature`: base64 of HMAC-SHA256 over the raw body (Kard's notification guide). */
export function isKardSignature(webhookKey: string, rawBody: Uint8Array, signature: string): boolean {
  const right = Buffer.from(createHmac("sha256", webhookKey).update(rawBody).digest("base64"));
  const given = Buffer.from(signature);
  return given.length === right.length && timingSafeEqual(given, right);
}
