import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { reportOutboundCalls } from "./outbound-calls.ts";

const metrics = new Metrics();

/** The measures of a function, by the names that it declares. */
export function metricsOf<Name extends string>() {
  return {
    /**
     * Counts something that happened. What did not happen is not told of: CloudWatch charges for each metric that is.
     */
    count(name: Name, value = 1): void {
      if (value > 0) metrics.addMetric(name, MetricUnit.Count, value);
    },
    /** Notes a length of time, in seconds. */
    seconds(name: Name, value: number): void {
      metrics.addMetric(name, MetricUnit.Seconds, value);
    },
    /** Notes a share: 100 is all. */
    percent(name: Name, value: number): void {
      metrics.addMetric(name, MetricUnit.Percent, value);
    },
  };
}

/** Writes out what was measured (CloudWatch's embedded metric format); call it before an invocation ends. */
export function publishMetrics(): void {
  reportOutboundCalls(metrics);
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
