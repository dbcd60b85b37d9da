/** The metrics of deliver-webhooks: the results of attempts, and attempts at endpoints that have failed for hours. */
export type DeliverWebhooksMetric =
  | "PublishRefused"
  | "EndpointsFailing"
  | "WebhooksDelivered"
  | "WebhooksToRetry"
  | "WebhooksDeferred"
  | "WebhooksRerouted"
  | "WebhooksExhausted"
  | "WebhooksHeld"
  | "WebhooksSkipped"
  | "SubscriptionsDisabled";
