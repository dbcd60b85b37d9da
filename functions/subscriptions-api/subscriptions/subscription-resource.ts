import type * as z from "zod";
import { timestamp } from "../../core/events/events.ts";
import { readTarget } from "../../core/subscriptions/aws-target.ts";
import { kardEventNameOf } from "../../core/subscriptions/kard-compatible.ts";
import type { Subscription } from "../../core/subscriptions/subscription.ts";
import { redacted } from "../../core/subscriptions/webhook-headers.ts";
import { publicKeyOf, signingOf } from "../../core/subscriptions/webhook-secret.ts";
import type { newSubscriptionShape, subscriptionShape } from "./subscription-shapes.ts";

/** A subscription as a JSON:API resource, without its secrets and without its headers' values. */
export function subscriptionResource(subscription: Subscription): z.infer<typeof subscriptionShape> {
  const { webhookUrl, filters, headers, description, enabled, disabled, createdAt } = subscription;
  const isKards = subscription.format === "kard";
  const current = subscription.secrets[0]?.secret ?? "";
  return {
    type: "subscription",
    id: subscription.subscriptionId,
    attributes: {
      ...endpointOf(webhookUrl),
      eventName: kardEventNameOf(subscription),
      ...(isKards ? {} : { eventNames: subscription.eventNames }),
      filters,
      headers: headers && Object.fromEntries(Object.keys(headers).map((name) => [name, redacted])),
      description,
      ...(isKards ? {} : { payload: subscription.payload ?? "full" }),
      retrySchedule: subscription.retrySchedule ?? "default",
      ordered: subscription.ordered ?? false,
      maxPerSecond: subscription.maxPerSecond,
      enabled,
      ...(disabled === undefined ? {} : { disabledAt: timestamp(disabled.at), disabledReason: disabled.reason }),
      ...(subscription.failingSince === undefined ? {} : { failingSince: timestamp(subscription.failingSince) }),
      ...(isKards
        ? { signing: "hmac-sha256" as const }
        : { signing: signingOf(current), publicKey: publicKeyOf(current) }),
      createdAt: timestamp(createdAt),
    },
  };
}

function endpointOf(webhookUrl: string) {
  const target = readTarget(webhookUrl);
  return target === undefined ? { webhookUrl } : { target: { type: target.type, arn: target.arn } };
}

/**
 * The same with its signing secret, for the only response that shows it. Of a key pair only the public key is shown.
 */
export function newSubscriptionResource(subscription: Subscription): z.infer<typeof newSubscriptionShape> {
  const resource = subscriptionResource(subscription);
  const [current] = subscription.secrets;
  if (current === undefined) return resource;
  const { secret } = current;
  if (subscription.format === "kard")
    return { ...resource, attributes: { ...resource.attributes, webhookKey: secret } };
  if (signingOf(secret) === "ed25519") return resource;
  return { ...resource, attributes: { ...resource.attributes, secret } };
}
