/** The metrics of subscriptions-api. */
export type SubscriptionsApiMetric = "PublishRefused";
