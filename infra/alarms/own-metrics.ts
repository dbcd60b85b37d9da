import { type MathExpression, Metric, type MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import type { AuditsApiMetric } from "../../functions/audits-api/metrics.ts";
import type { DeliverWebhooksMetric } from "../../functions/deliver-webhooks/metrics.ts";
import type { KardWebhookMetric } from "../../functions/kard-webhook/metrics.ts";
import type { OutboundMetric } from "../../functions/platform/outbound-calls.ts";
import type { PollAuditsMetric } from "../../functions/poll-audits/metrics.ts";
import type { SweepOutboxMetric } from "../../functions/sweep-outbox/metrics.ts";

interface Measures {
  "audits-api": AuditsApiMetric | OutboundMetric<"Kard">;
  "deliver-webhooks": DeliverWebhooksMetric;
  "kard-webhook": KardWebhookMetric | OutboundMetric<"Kard">;
  "poll-audits": PollAuditsMetric | OutboundMetric<"Kard">;
  "sweep-outbox": SweepOutboxMetric;
}

/** What alarms and graphs are made of. */
export type AnyMetric = Metric | MathExpression;

/** Gives what a function measures itself, by the names that the function declares. */
export type OwnMetrics = ReturnType<typeof ownMetrics>;

/** The metrics of one tracker: each has a namespace of its own, which its functions are told. */
export function ownMetrics(namespace: string) {
  return <Service extends keyof Measures>(
    service: Service,
    metricName: Measures[Service],
    options: MetricOptions = {},
  ): Metric =>
    // Powertools adds the dimension by itself.
    new Metric({ namespace, metricName, dimensionsMap: { service }, statistic: "Sum", ...options });
}
