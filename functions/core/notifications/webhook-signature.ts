import { createHmac, sign } from "node:crypto";
import { ed25519PrivateKey, hmacKey, signingOf } from "../subscriptions/webhook-secret.ts";

/**
 * The signature headers of a webhook (Standard Webhooks 1.0.0). They hold one signature over `id.timestamp.body` per
 * active secret, separated by spaces: `v1` for HMAC-SHA256, `v1a` for Ed25519.
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
