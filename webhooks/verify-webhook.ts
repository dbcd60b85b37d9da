import { createPublicKey, verify } from "node:crypto";
import { WebhookVerificationError as SignatureError, Webhook } from "standardwebhooks";
import type * as z from "zod";
import type { AuditEventBody, TestEventBody } from "../functions/core/events/events.ts";
import type { KardAuditUpdateBody } from "../functions/core/events/kard-audit-update.ts";
import type { thinEventBody } from "../functions/core/events/thin-event.ts";
import type { HealthEventBody, NotificationFailedEventBody } from "../functions/core/events/webhook-events.ts";
import { isKardSignature } from "../functions/core/kard/kard-signature.ts";

/**
 * An event as a webhook carries it. Later versions may send further types: ignore those that you do not know. A
 * subscription with `payload: "thin"` gets a `ThinEventBody`.
 */
export type WebhookEvent = AuditEventBody | HealthEventBody | NotificationFailedEventBody | TestEventBody;
export type { AuditEventBody, HealthEventBody, KardAuditUpdateBody, NotificationFailedEventBody, TestEventBody };

export type ThinEventBody = z.infer<typeof thinEventBody>;

/** The headers of a request: of Node.js, or of the Fetch API. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** The webhook was not signed with this secret, or too long ago. Answer 401 and ignore its contents. */
export class WebhookVerificationError extends Error {
  override readonly name = "WebhookVerificationError";
}

/**
 * Verifies a webhook (Standard Webhooks 1.0.0) and returns its event.
 *
 * @param headers those of the request
 * @param body the raw bytes of the request's body, or their text. Parsed and formatted again it is not what was signed
 * @param secret the subscription's `whsec_` secret or `whpk_` public key, or several of them during a rotation
 * @throws WebhookVerificationError if no signature is valid, or the timestamp differs by more than five minutes
 * @throws Error if a secret is malformed
 */
export function verifyWebhook<Event extends WebhookEvent | ThinEventBody = WebhookEvent>(
  headers: WebhookHeaders,
  body: Uint8Array | string,
  secret: string | readonly string[],
): Event {
  const bytes = Buffer.from(body);
  const sent = {
    "webhook-id": header(headers, "webhook-id"),
    "webhook-timestamp": header(headers, "webhook-timestamp"),
    "webhook-signature": header(headers, "webhook-signature"),
  };
  verifyWithOne(secret, (each) => {
    if (each.startsWith(sharedPrefix)) new Webhook(each).verify(bytes, sent, { jsonParse: false });
    else if (each.startsWith(publicPrefix)) verifyEd25519(each, sent, bytes);
    else throw new TypeError(`the secret must begin with ${sharedPrefix} or ${publicPrefix}`);
  });
  return JSON.parse(bytes.toString());
}

/**
 * Verifies a webhook in Kard's format (`notify-signature`) and returns its event. Kard signs no time: deduplicate by
 * `data.id`, so that a repeated request has no effect.
 *
 * @param body the raw bytes of the request's body, or their text
 * @param webhookKey the subscription's webhook key, or several of them during a rotation
 * @throws WebhookVerificationError if the signature is not valid
 */
export function verifyKardWebhook(
  headers: WebhookHeaders,
  body: Uint8Array | string,
  webhookKey: string | readonly string[],
): KardAuditUpdateBody {
  const bytes = Buffer.from(body);
  const signature = header(headers, "notify-signature");
  verifyWithOne(webhookKey, (each) => {
    if (each === "") throw new TypeError("the webhook key must not be empty");
    if (!isKardSignature(each, bytes, signature)) throw new SignatureError("the signature does not match");
  });
  return JSON.parse(bytes.toString());
}

const sharedPrefix = "whsec_";
const publicPrefix = "whpk_";
const toleranceSeconds = 5 * 60;

/** The SPKI header of an Ed25519 public key, without its 32 bytes (RFC 8410, 4). */
const spkiHeader = Buffer.from("302a300506032b6570032100", "hex");

/** Succeeds if one secret verifies. Other errors than a wrong signature are mistakes of the caller. */
function verifyWithOne(given: string | readonly string[], verifyWith: (secret: string) => void): void {
  let reason = "no secret was given";
  for (const secret of [given].flat()) {
    try {
      verifyWith(secret);
      return;
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
      reason = error.message;
    }
  }
  throw new WebhookVerificationError(reason);
}

function verifyEd25519(key: string, sent: Readonly<Record<string, string>>, body: Buffer): void {
  const { "webhook-id": id, "webhook-timestamp": timestamp = "", "webhook-signature": signatures = "" } = sent;
  const ageSeconds = Math.abs(Date.now() / 1_000 - Number(timestamp));
  if (!/^\d+$/.test(timestamp) || ageSeconds > toleranceSeconds) {
    throw new SignatureError("the timestamp is missing, or differs by more than five minutes");
  }
  const raw = Buffer.from(key.slice(publicPrefix.length), "base64");
  const publicKey = createPublicKey({ key: Buffer.concat([spkiHeader, raw]), format: "der", type: "spki" });
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  const isValid = signatures.split(" ").some((each) => {
    const [version, signature = ""] = each.split(",");
    return version === "v1a" && verify(null, signed, publicKey, Buffer.from(signature, "base64"));
  });
  if (!isValid) throw new SignatureError("no signature matches");
}

/** Also the `Headers` of another implementation of the Fetch API. */
function isHeaders(headers: WebhookHeaders): headers is Headers {
  return typeof headers.get === "function";
}

function header(headers: WebhookHeaders, name: string): string {
  if (isHeaders(headers)) return headers.get(name) ?? "";
  const [, value] = Object.entries(headers).find(([each]) => each.toLowerCase() === name) ?? [];
  return [value].flat()[0] ?? "";
}
