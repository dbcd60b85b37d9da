import { z } from "zod";
import type { StackResources } from "../stack/stack-resources.ts";
import type { LambdaFunction } from "./lambda.ts";

// Destinations are an unknown key, and refused.
const configSchema = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal("$LATEST"),
  MaximumRetryAttempts: z.number().int().default(2),
  MaximumEventAgeInSeconds: z.number().int().default(21_600),
});

/** Invokes functions as Lambda does for events that nobody waits for: a failure is tried again later. */
export interface AsyncInvocations {
  /** Resolves when the first attempt has ended. */
  invoke(fn: LambdaFunction, event: unknown): Promise<void>;
  stop(): void;
}

/**
 * AWS Lambda, asynchronous invocation: two more attempts, after one minute and after two more, unless an
 * EventInvokeConfig says otherwise; no attempt once the event is too old.
 */
export function createAsyncInvocations(stack: StackResources): AsyncInvocations {
  const configs = stack.ofType("AWS::Lambda::EventInvokeConfig", configSchema).map(({ properties }) => properties);
  const timers = new Set<NodeJS.Timeout>();
  let stopped = false;

  async function attempt(fn: LambdaFunction, event: unknown, number: number, acceptedAt: number): Promise<void> {
    const outcome = await fn.invoke(event);
    const config = configs.find(({ FunctionName }) => FunctionName === fn.name || FunctionName === fn.arn);
    if (stopped || outcome.status === "succeeded" || number > (config?.MaximumRetryAttempts ?? 2)) return;
    const delay = number * 60_000;
    if (Date.now() + delay > acceptedAt + (config?.MaximumEventAgeInSeconds ?? 21_600) * 1000) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      void attempt(fn, event, number + 1, acceptedAt);
    }, delay);
    timers.add(timer);
  }

  return {
    invoke: (fn, event) => attempt(fn, event, 1, Date.now()),
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
