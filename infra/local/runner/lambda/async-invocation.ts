import * as z from "zod";
import type { StackResources } from "../template/stack-resources.ts";
import type { LambdaFunction } from "./lambda-function.ts";

// Refuses destinations as an unknown key.
const configSchema = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal("$LATEST"),
  MaximumRetryAttempts: z.number().int().default(2),
  MaximumEventAgeInSeconds: z.number().int().default(21_600),
});

/**
 * Lambda's asynchronous invocation: events are queued and retried after a failure.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export interface AsyncInvocations {
  /** Resolves when the first attempt has ended. */
  invoke(fn: Pick<LambdaFunction, "arn" | "name" | "invoke">, event: unknown): Promise<void>;
  stop(): void;
}

/**
 * Creates asynchronous invocation with each function's EventInvokeConfig or the defaults. Lambda retries a failed event
 * after one minute and after two more. It retries a throttled event without counting it as a retry: after 1 second,
 * then with doubled pauses of up to 5 minutes. It drops an event that is too old.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function createAsyncInvocations(stack: Pick<StackResources, "ofType">): AsyncInvocations {
  const configs = stack.ofType("AWS::Lambda::EventInvokeConfig", configSchema).map(({ properties }) => properties);
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;

  async function attempt(
    fn: Parameters<AsyncInvocations["invoke"]>[0],
    event: unknown,
    done: { failures: number; throttles: number; acceptedAt: number },
  ): Promise<void> {
    const outcome = await fn.invoke(event);
    if (stopped || outcome.status === "succeeded") return;
    const config = configs.find(({ FunctionName }) => FunctionName === fn.name || FunctionName === fn.arn);
    const isThrottled = outcome.status === "throttled";
    const next = {
      ...done,
      failures: done.failures + (isThrottled ? 0 : 1),
      throttles: done.throttles + (isThrottled ? 1 : 0),
    };
    if (next.failures > (config?.MaximumRetryAttempts ?? 2)) return;
    const delay = isThrottled ? Math.min(1000 * 2 ** done.throttles, 300_000) : next.failures * 60_000;
    if (Date.now() + delay > done.acceptedAt + (config?.MaximumEventAgeInSeconds ?? 21_600) * 1000) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void attempt(fn, event, next);
    }, delay);
    timers.add(timer);
  }

  return {
    invoke: (fn, event) => attempt(fn, event, { failures: 0, throttles: 0, acceptedAt: Date.now() }),
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
