import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";

const metrics = new Metrics();

/** CloudWatch's embedded metric format takes at most this many values of a metric at once. */
const mostValues = 100;

type Ending = "2xx" | "3xx" | "4xx" | "5xx" | "NoAnswer";

/** What is measured of the calls to another system. */
export type OutboundMetric<System extends string> = `${System}${Ending | "Latency"}`;

/** Calls to one other system since the last publishing: how they ended, and a fair sample of their latencies. */
interface OutboundCalls {
  endings: Map<string, number>;
  latenciesMs: number[];
  seen: number;
}

const outbound = new Map<string, OutboundCalls>();

/** The measures of a function, by the names that it declares. */
export function metricsOf<Name extends string>() {
  return {
    /** Counts something that happened. What did not happen is not told of: CloudWatch charges for each metric that is. */
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

interface OutboundCall {
  ms: number;
  status?: number | undefined;
  failure?: string | undefined;
}

/** Notes a call to another system: its latency in milliseconds, and how it ended by class of status. */
export function outboundCall(system: string, call: OutboundCall): void {
  const calls = outbound.get(system) ?? { endings: new Map(), latenciesMs: [], seen: 0 };
  outbound.set(system, calls);
  const ending = call.status === undefined ? "NoAnswer" : `${Math.floor(call.status / 100)}xx`;
  calls.endings.set(ending, (calls.endings.get(ending) ?? 0) + 1);
  calls.seen++;
  // Reservoir sampling: every latency has the same chance to be among those kept.
  const place = calls.seen <= mostValues ? calls.seen - 1 : Math.floor(Math.random() * calls.seen);
  if (place < mostValues) calls.latenciesMs[place] = call.ms;
}

/** Writes out what was measured (CloudWatch's embedded metric format); call it before an invocation ends. */
export function publishMetrics(): void {
  for (const [system, { endings, latenciesMs }] of outbound) {
    for (const ms of latenciesMs) metrics.addMetric(`${system}Latency`, MetricUnit.Milliseconds, ms);
    for (const [ending, calls] of endings) metrics.addMetric(`${system}${ending}`, MetricUnit.Count, calls);
  }
  outbound.clear();
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}
