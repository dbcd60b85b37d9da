/** What deliver-webhooks measures: what became of each attempt. */
export type DeliverWebhooksMetric =
  | "WebhooksDelivered"
  | "WebhooksToRetry"
  | "WebhooksPutOff"
  | "WebhooksMovedToSlow"
  | "WebhooksGivenUp"
  | "WebhooksHeld"
  | "WebhooksNotOwed"
  | "SubscriptionsDisabled";
