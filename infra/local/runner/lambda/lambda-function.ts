import { setTimeout as sleep } from "node:timers/promises";
import { createEnvironmentPool, type EnvironmentPool, type FunctionCode } from "./environment-pool.ts";
import type { EnvironmentContext } from "./execution-environment.ts";
import type { FunctionDefinition } from "./function-definition.ts";
import type { Invocation } from "./invocation.ts";
import { traceOfInvocation } from "./recursion-detection.ts";

/**
 * How an invocation ended, or why none started: the reserved concurrency is used up, or Lambda detected a recursive
 * loop.
 */
export type InvocationOutcome = Invocation | { readonly status: "throttled" | "recursive loop" };

/** A function of the stack that can be invoked. */
export interface LambdaFunction extends FunctionDefinition {
  /** How many invocations can run at a time. */
  readonly concurrency: number;
  /**
   * Invokes the function synchronously, in an idle execution environment or a new one. Above the template's reserved
   * concurrency the invocation is throttled, as on AWS. Above the runner's own limit it waits; if too many wait, it is
   * throttled.
   * @param event is sent as JSON.
   * @param causes trace headers of the event's messages.
   * @param onStart is called when an execution environment begins to handle the event.
   * @param abandoned aborts while the invocation waits, if nobody waits for its result any more. Then it is throttled.
   */
  invoke(
    event: unknown,
    causes?: readonly (string | undefined)[],
    onStart?: () => void,
    abandoned?: AbortSignal,
  ): Promise<InvocationOutcome>;
  /** Uses other code from the next invocation on. Running invocations end with the previous one. */
  replaceCode(code: FunctionCode): void;
  /** Logs that a limit was reached, without a line on the terminal. */
  noteLimit(limit: string): void;
  /** Stops; running invocations have a second to end. */
  stop(): Promise<void>;
}

/** Limits of a function's execution environments. */
export interface EnvironmentLimits {
  /** How many a function without reserved concurrency may have. */
  readonly concurrency: number;
  /** How long one without an invocation is kept, in milliseconds. */
  readonly keepIdleMs: number;
}

const graceMs = 1000;

/**
 * AWS throttles a function above 1,000 concurrent invocations in an account, by default.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const maxWaiting = 1000;

export function createLambdaFunction(
  definition: FunctionDefinition,
  limits: EnvironmentLimits,
  context: EnvironmentContext,
): LambdaFunction {
  const { reservedConcurrency } = definition;
  const concurrency = reservedConcurrency ?? limits.concurrency;
  const pool = createEnvironmentPool(definition, limits.keepIdleMs, context);
  /** Oldest first. */
  const waiting = new Set<(isAdmitted: boolean) => void>();
  const invocations = new Set<Promise<Invocation>>();
  let running = 0;
  let stopped = false;

  function noteLimit(limit: string): void {
    const line = JSON.stringify({ level: "INFO", message: "limit reached", limit });
    context.onLog({ at: Date.now(), functionName: definition.name, requestId: "", line });
  }

  /** Whether the invocation may run. Without reserved concurrency, it waits for its turn. */
  async function admit(abandoned: AbortSignal | undefined): Promise<boolean> {
    if (running < concurrency) {
      running += 1;
      return !stopped;
    }
    if (reservedConcurrency !== undefined) {
      noteLimit(`reserved concurrency of ${reservedConcurrency}`);
      return false;
    }
    if (waiting.size === 0) noteLimit(`${concurrency} execution environments of the local stack`);
    if (waiting.size >= maxWaiting) {
      noteLimit(`${maxWaiting} waiting invocations`);
      return false;
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const abandon = () => void (waiting.delete(resolve) && resolve(false));
    waiting.add(resolve);
    if (abandoned?.aborted) abandon();
    abandoned?.addEventListener("abort", abandon, { once: true });
    const isAdmitted = await promise;
    abandoned?.removeEventListener("abort", abandon);
    return isAdmitted;
  }

  return {
    ...definition,
    concurrency,
    replaceCode: pool.replaceCode,
    noteLimit,
    async invoke(event, causes = [], onStart, abandoned) {
      const trace = traceOfInvocation(definition.arn, causes, definition.allowsRecursion);
      if (trace === "recursive loop") return { status: trace };
      if (!(await admit(abandoned))) return { status: "throttled" };
      const invoking = invokeIn(pool, JSON.stringify(event), trace, onStart);
      invocations.add(invoking);
      const invocation = await invoking;
      invocations.delete(invoking);
      // A waiting invocation takes over this one's slot, so no later invocation can overtake it.
      const [next] = waiting;
      if (next === undefined) running -= 1;
      else {
        waiting.delete(next);
        next(!stopped);
      }
      return invocation;
    },
    async stop() {
      stopped = true;
      for (const refuse of waiting) refuse(false);
      waiting.clear();
      await Promise.race([Promise.all(invocations), sleep(graceMs, undefined, { ref: false })]);
      await pool.stop();
    },
  };
}

async function invokeIn(
  pool: EnvironmentPool,
  event: string,
  traceHeader: string,
  onStart?: () => void,
): Promise<Invocation> {
  try {
    const environment = await pool.take();
    onStart?.();
    const invocation = await environment.invoke(event, traceHeader);
    pool.release(environment);
    return invocation;
  } catch (error) {
    // Node.js refuses to start a worker with unknown NODE_OPTIONS.
    return { status: "failed", requestId: "", errorType: "Runtime.InvalidRuntime", errorMessage: String(error) };
  }
}

/** A function's ARN or name without a version or alias, as in `arn:…:function:NAME:live` and `NAME:live`. */
export function unqualified(arnOrName: string): string {
  return arnOrName.replace(/^((?:arn:[^:]+:lambda:[^:]+:\d+:function:)?[^:]+):[\w$-]+$/, "$1");
}
