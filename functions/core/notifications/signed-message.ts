import { inKardsWords } from "../events/kard-audit-update.ts";
import { kardSignature } from "../kard/kard-signature.ts";
import type { Subscription } from "../subscriptions/subscription.ts";
import { signatureHeaders } from "./webhook-signature.ts";

/**
 * A message as a subscription is sent it, with the headers that sign it.
 *
 * Standard Webhooks allow several signatures at once. Kard's header holds one, so there the oldest key that is in force
 * signs: while a key is replaced, the receiver has until the overlap ends to accept the new one as well.
 *
 * @param now epoch milliseconds
 */
export function signedMessage(
  subscription: Pick<Subscription, "format" | "secrets">,
  message: { id: string; body: string },
  now: number,
): { body: string; headers: Record<string, string> } {
  const secrets = subscription.secrets.filter(({ signsUntil = now }) => signsUntil >= now).map(({ secret }) => secret);
  if (subscription.format === undefined)
    return { body: message.body, headers: signatureHeaders(secrets, message, now) };
  const body = inKardsWords(message.body);
  return { body, headers: { "notify-signature": kardSignature(secrets.at(-1) ?? "", body) } };
}
