import { MetricUnit } from "@aws-lambda-powertools/metrics";
import { logger } from "./logger.ts";

/**
 * The maximum number of values of a metric in one record of CloudWatch's embedded metric format.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
const maxValues = 100;

/** The maximum number of distinct failures in one log line. */
const maxFailures = 10;

type Ending = "2xx" | "3xx" | "4xx" | "5xx" | "NoResponse";

/** The metrics of calls to another system. */
export type OutboundMetric<System extends string> = `${System}${Ending | "ResponsesNotUnderstood" | "Latency"}`;

export interface OutboundCall {
  route: string;
  ms: number;
  status?: number | undefined;
  /** Why it failed. */
  failure?: string | undefined;
  /** If the response could not be interpreted: why, and its paths and types. */
  notUnderstood?: { reason: string; shape: readonly string[] } | undefined;
}

/** A kind of failure, and its number of calls. */
interface Failure {
  route: string;
  status: number | undefined;
  reason: string;
  shape?: readonly string[];
  calls: number;
}

/** The calls to one system since the last report, with a sample of their latencies. */
interface OutboundCalls {
  endings: Map<string, number>;
  latenciesMs: number[];
  seen: number;
  notUnderstood: number;
  failures: Map<string, Failure>;
  failuresOmitted: number;
}

interface MetricSink {
  addMetric(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): unknown;
}

const outbound = new Map<string, OutboundCalls>();

/**
 * Records a call: its latency in milliseconds, its status class and its failure. An unusable 2xx counts as no response.
 */
export function outboundCall(system: string, call: OutboundCall): void {
  const calls = outbound.get(system) ?? noCalls();
  outbound.set(system, calls);
  const ending = endingOf(call);
  calls.endings.set(ending, (calls.endings.get(ending) ?? 0) + 1);
  calls.seen++;
  // Reservoir sampling: every latency has the same chance to be kept.
  const place = calls.seen <= maxValues ? calls.seen - 1 : Math.floor(Math.random() * calls.seen);
  if (place < maxValues) calls.latenciesMs[place] = call.ms;
  if (call.notUnderstood !== undefined) calls.notUnderstood++;
  recordFailure(calls, call);
}

/** Adds the recorded calls to the metrics, and logs the failures of each system in one line. */
export function reportOutboundCalls(metrics: MetricSink): void {
  for (const [system, { endings, latenciesMs, notUnderstood, failures, failuresOmitted }] of outbound) {
    for (const ms of latenciesMs) metrics.addMetric(`${system}Latency`, MetricUnit.Milliseconds, ms);
    for (const [ending, calls] of endings) metrics.addMetric(`${system}${ending}`, MetricUnit.Count, calls);
    if (notUnderstood > 0) metrics.addMetric(`${system}ResponsesNotUnderstood`, MetricUnit.Count, notUnderstood);
    if (failures.size > 0) {
      logger.warn("outbound calls failed", { system, failures: [...failures.values()], failuresOmitted });
    }
  }
  outbound.clear();
}

function noCalls(): OutboundCalls {
  return { endings: new Map(), latenciesMs: [], seen: 0, notUnderstood: 0, failures: new Map(), failuresOmitted: 0 };
}

function endingOf({ status, failure }: OutboundCall): Ending {
  if (status === undefined || (failure !== undefined && status < 300)) return "NoResponse";
  return `${Math.floor(status / 100)}xx` as Ending;
}

function recordFailure(calls: OutboundCalls, { route, status, failure, notUnderstood }: OutboundCall): void {
  const reason = notUnderstood?.reason ?? failure;
  if (reason === undefined) return;
  const kind = { route, status, reason, ...(notUnderstood && { shape: notUnderstood.shape }) };
  const key = JSON.stringify(kind);
  const known = calls.failures.get(key);
  if (known !== undefined) known.calls++;
  else if (calls.failures.size < maxFailures) calls.failures.set(key, { ...kind, calls: 1 });
  else calls.failuresOmitted++;
}
