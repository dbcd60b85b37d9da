import { createHmac, sign } from "node:crypto";
import { ed25519PrivateKey, hmacKey, signingOf } from "../subscriptions/webhook-secret.ts";

/**
 * The headers that sign a webhook (Standard Webhooks 1.0.0): a signature over `id.timestamp.body` with each secret that
 * is in force, space-separated: HMAC-SHA256 as `v1`, Ed25519 as `v1a`.
 *
 * @param now epoch milliseconds; the header has seconds
 */
export function signatureHeaders(
  secrets: readonly string[],
  message: { id: string; body: string },
  now: number,
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000));
  const signed = `${message.id}.${timestamp}.${message.body}`;
  const signatures = secrets.map((secret) =>
    signingOf(secret) === "ed25519"
      ? `v1a,${sign(null, Buffer.from(signed), ed25519PrivateKey(secret)).toString("base64")}`
      : `v1,${createHmac("sha256", hmacKey(secret)).update(signed).digest("base64")}`,
  );
  return { "webhook-id": message.id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
