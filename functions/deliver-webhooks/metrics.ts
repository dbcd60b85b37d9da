/**
 * What deliver-webhooks measures: what became of each attempt, and attempts at endpoints that have failed for hours.
 */
export type DeliverWebhooksMetric =
  | "EndpointsFailing"
  | "WebhooksDelivered"
  | "WebhooksToRetry"
  | "WebhooksDeferred"
  | "WebhooksRerouted"
  | "WebhooksExhausted"
  | "WebhooksHeld"
  | "WebhooksSkipped"
  | "SubscriptionsDisabled";
