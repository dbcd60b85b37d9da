import { timestamp } from "../core/events.ts";
import type { Subscription } from "../core/subscription.ts";

/** A subscription as a JSON:API resource. Its secrets are no part of it. */
export function subscriptionResource({ subscriptionId, ...subscription }: Subscription) {
  const { webhookUrl, eventNames, description, enabled, createdAt } = subscription;
  return {
    type: "subscription",
    id: subscriptionId,
    attributes: { webhookUrl, eventNames, description, enabled, createdAt: timestamp(createdAt) },
  };
}

/** The same with its signing secret, for the one answer that shows it. */
export function newSubscriptionResource(subscription: Subscription) {
  const resource = subscriptionResource(subscription);
  const [current] = subscription.secrets;
  return { ...resource, attributes: { ...resource.attributes, secret: current?.secret } };
}
