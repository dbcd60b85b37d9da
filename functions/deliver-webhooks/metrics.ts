/** What deliver-webhooks measures: what became of each attempt. */
export type DeliverWebhooksMetric =
  | "WebhooksDelivered"
  | "WebhooksToRetry"
  | "WebhooksDeferred"
  | "WebhooksRerouted"
  | "WebhooksExhausted"
  | "WebhooksHeld"
  | "WebhooksSkipped"
  | "SubscriptionsDisabled";
