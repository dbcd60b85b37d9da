import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { reportOutboundCalls } from "./outbound-calls.ts";

const metrics = new Metrics();

/** Typed metrics of a function. */
export function metricsOf<Name extends string>() {
  return {
    /**
     * Adds a count. Zero is not recorded, because CloudWatch charges for each metric.
     * https://aws.amazon.com/cloudwatch/pricing/
     */
    count(name: Name, value = 1): void {
      if (value > 0) metrics.addMetric(name, MetricUnit.Count, value);
    },
    seconds(name: Name, value: number): void {
      metrics.addMetric(name, MetricUnit.Seconds, value);
    },
    /** Records a percentage from 0 to 100. */
    percent(name: Name, value: number): void {
      metrics.addMetric(name, MetricUnit.Percent, value);
    },
  };
}

/**
 * Writes the metrics to the log (CloudWatch's embedded metric format). Call it before an invocation ends.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function publishMetrics(): void {
  reportOutboundCalls(metrics);
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
