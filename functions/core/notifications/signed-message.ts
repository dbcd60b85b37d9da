import { inKardsWords } from "../events/kard-audit-update.ts";
import { thinBody } from "../events/thin-event.ts";
import { kardSignature } from "../kard/kard-signature.ts";
import type { Subscription } from "../subscriptions/subscription.ts";
import { signatureHeaders } from "./webhook-signature.ts";

/**
 * The body and signature headers for a subscription.
 *
 * Standard Webhooks allow several signatures. Kard's header has one, so the oldest active key signs: during a rotation,
 * the receiver can add the new key until the overlap ends.
 *
 * @param now epoch milliseconds
 */
export function signedMessage(
  subscription: Pick<Subscription, "format" | "secrets" | "payload">,
  message: { id: string; body: string },
  now: number,
): { body: string; headers: Record<string, string> } {
  const secrets = subscription.secrets.filter(({ signsUntil = now }) => signsUntil >= now).map(({ secret }) => secret);
  if (subscription.format === undefined) {
    const content = subscription.payload === "thin" ? thinBody(message.body) : message.body;
    return { body: content, headers: signatureHeaders(secrets, { id: message.id, body: content }, now) };
  }
  const body = inKardsWords(message.body);
  return { body, headers: { "notify-signature": kardSignature(secrets.at(-1) ?? "", body) } };
}
