import { createHmac } from "node:crypto";

const secretPrefix = "whsec_";
const secretBytes = 32;

/** A new signing secret: `whsec_` and the base64 of 32 random bytes (Standard Webhooks 1.0.0). */
export function newWebhookSecret(randomBytes: (count: number) => Uint8Array): string {
  return secretPrefix + Buffer.from(randomBytes(secretBytes)).toString("base64");
}

/**
 * The headers that sign a webhook (Standard Webhooks 1.0.0): HMAC-SHA256 over `id.timestamp.body` with each secret that
 * is in force, space-separated.
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
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(secretPrefix.length), "base64");
    return `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
  });
  return { "webhook-id": message.id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
