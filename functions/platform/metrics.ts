import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

const metrics = new Metrics();

/** Counts something that happened. */
export function count(name: string, value = 1): void {
  metrics.addMetric(name, MetricUnit.Count, value);
}

/** Notes a length of time, in seconds. */
export function seconds(name: string, value: number): void {
  metrics.addMetric(name, MetricUnit.Seconds, value);
}

/** Notes a call to another system: its latency in milliseconds, and how it ended by class of status. */
export function outboundCall(system: string, call: { ms: number; status?: number; failure?: string }): void {
  metrics.addMetric(`${system}Latency`, MetricUnit.Milliseconds, call.ms);
  count(call.status === undefined ? `${system}NoAnswer` : `${system}${Math.floor(call.status / 100)}xx`);
}

/** Writes out what was measured (CloudWatch's embedded metric format); call it before an invocation ends. */
export function publishMetrics(): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
