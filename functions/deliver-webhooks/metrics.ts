/** What deliver-webhooks measures: what became of each attempt. */
export type DeliverWebhooksMetric =
  | "WebhooksDelivered"
  | "WebhooksToRetry"
  | "WebhooksSlowed"
  | "WebhooksGivenUp"
  | "WebhooksHeld"
  | "WebhooksNotOwed"
  | "SubscriptionsDisabled";
