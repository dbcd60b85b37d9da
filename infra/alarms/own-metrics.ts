import { type MathExpression, Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { AuditsApiMetric } from "../../functions/audits-api/metrics.ts";
import type { DeliverWebhooksMetric } from "../../functions/deliver-webhooks/metrics.ts";
import type { KardWebhookMetric } from "../../functions/kard-webhook/metrics.ts";
import type { OutboundMetric } from "../../functions/platform/outbound-calls.ts";
import type { PollAuditsMetric } from "../../functions/poll-audits/metrics.ts";
import type { SubscriptionsApiMetric } from "../../functions/subscriptions-api/metrics.ts";
import type { SweepOutboxMetric } from "../../functions/sweep-outbox/metrics.ts";

interface Measures {
  "audits-api": AuditsApiMetric | OutboundMetric<"Kard">;
  "deliver-webhooks": DeliverWebhooksMetric;
  "kard-webhook": KardWebhookMetric | OutboundMetric<"Kard">;
  "poll-audits": PollAuditsMetric | OutboundMetric<"Kard">;
  "subscriptions-api": SubscriptionsApiMetric;
  "sweep-outbox": SweepOutboxMetric;
}

/** A metric for an alarm or a graph. */
export type AnyMetric = Metric | MathExpression;

/** Gives a function's own metrics by the names that it declares. */
export type OwnMetrics = ReturnType<typeof ownMetrics>;

/** The custom metrics of one tracker, in the namespace that its functions use. */
export function ownMetrics(namespace: string) {
  return <Service extends keyof Measures>(
    service: Service,
    metricName: Measures[Service],
    options: MetricOptions = {},
  ): Metric =>
    // Powertools adds this dimension to each metric.
    new Metric({ namespace, metricName, dimensionsMap: { service }, statistic: "Sum", ...options });
}
