import type { Consumption } from "./count-life.ts";

/**
 * List prices of us-east-1 in USD, November 2026, without free tiers.
 * https://aws.amazon.com/dynamodb/pricing/on-demand/ https://aws.amazon.com/lambda/pricing/
 * https://aws.amazon.com/sqs/pricing/ https://aws.amazon.com/api-gateway/pricing/
 * https://aws.amazon.com/cloudwatch/pricing/ https://aws.amazon.com/eventbridge/pricing/
 * https://aws.amazon.com/step-functions/pricing/
 */
export const prices = {
  writeUnit: 0.625e-6,
  readUnit: 0.125e-6,
  sqsCall: 0.4e-6,
  apiRequest: 1e-6,
  invocation: 0.2e-6,
  gbSecondArm: 13.3334e-6,
  logGb: 0.5,
  /** A one-time schedule of EventBridge Scheduler, or a run of a recurring one. */
  scheduledInvocation: 1e-6,
  stateTransition: 25e-6,
  alarmMetric: 0.1,
  customMetric: 0.3,
  kmsKey: 1,
  secret: 0.4,
};

/** The template's memory of each function, in GB. */
const memoryGb = 0.5;

/** Lambda logs a start, an end and a report of each invocation: about so many bytes (assumed). */
const platformLogBytes = 330;

/** A line of the API's access log, in bytes (assumed). */
const accessLogBytes = 750;

/** A batch of received messages, and the consumer's own receive and delete of the owner's queue. */
export const receivesPerClosed = 3;

/** What a consumption costs, in USD, by service. */
export function priceOf(consumed: Consumption, times = 1): Record<Service, number> {
  const { writeUnits, readUnits, sqsCalls, apiRequests, invocations, lambdaMs, logBytes } = consumed;
  const logged = logBytes + invocations * platformLogBytes + apiRequests * accessLogBytes;
  return {
    dynamodb: times * (writeUnits * prices.writeUnit + readUnits * prices.readUnit),
    lambda: times * (invocations * prices.invocation + (lambdaMs / 1_000) * memoryGb * prices.gbSecondArm),
    sqs: times * sqsCalls * prices.sqsCall,
    api: times * apiRequests * prices.apiRequest,
    logs: times * (logged / 1e9) * prices.logGb,
  };
}

export type Service = "dynamodb" | "lambda" | "sqs" | "api" | "logs";
