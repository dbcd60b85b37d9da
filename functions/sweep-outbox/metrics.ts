export type SweepOutboxMetric =
  | "OutboxLagSeconds"
  | "DeliveryLagSeconds"
  | "OutboxSwept"
  | "RetriesSent"
  | "PublishRefused"
  | "SweepFailures";
