/** What sweep-outbox measures. */
export type SweepOutboxMetric =
  | "OutboxLagSeconds"
  | "DeliveryLagSeconds"
  | "OutboxSwept"
  | "RetriesSent"
  | "PublishRefused"
  | "SweepFailures";
