import { setTimeout as sleep } from "node:timers/promises";
import {
  type EnvironmentContext,
  type ExecutionEnvironment,
  type Invocation,
  startExecutionEnvironment,
} from "./execution-environment.ts";
import type { FunctionDefinition } from "./function-definition.ts";
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
   * concurrency the invocation is throttled, as on AWS. Above the runner's own limit it waits.
   * @param event is sent as JSON.
   * @param causes trace headers of the event's messages.
   * @param onStart is called when an execution environment begins to handle the event.
   */
  invoke(event: unknown, causes?: readonly (string | undefined)[], onStart?: () => void): Promise<InvocationOutcome>;
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

export function createLambdaFunction(
  definition: FunctionDefinition,
  limits: EnvironmentLimits,
  context: EnvironmentContext,
): LambdaFunction {
  const { reservedConcurrency } = definition;
  const concurrency = reservedConcurrency ?? limits.concurrency;
  const environments = new Set<ExecutionEnvironment>();
  const idle: { readonly environment: ExecutionEnvironment; readonly timer: NodeJS.Timeout }[] = [];
  const waiting: (() => void)[] = [];
  const invocations = new Set<Promise<Invocation>>();
  let running = 0;
  let stopped = false;

  function takeEnvironment(): ExecutionEnvironment {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
      clearTimeout(kept.timer);
      if (kept.environment.alive()) return kept.environment;
      environments.delete(kept.environment);
    }
    const started = startExecutionEnvironment(definition, context);
    environments.add(started);
    return started;
  }

  /** The longest idle environments end first, because invocations take the latest one. */
  function keepIdle(environment: ExecutionEnvironment): void {
    const end = () => {
      idle.splice(idle.indexOf(kept), 1);
      environments.delete(environment);
      void environment.terminate();
    };
    const kept = { environment, timer: setTimeout(end, limits.keepIdleMs).unref() };
    idle.push(kept);
  }

  async function invokeIdle(event: string, traceHeader: string, onStart?: () => void): Promise<Invocation> {
    let environment: ExecutionEnvironment;
    try {
      environment = takeEnvironment();
    } catch (error) {
      // Node.js refuses to start a worker with unknown NODE_OPTIONS.
      return { status: "failed", requestId: "", errorType: "Runtime.InvalidRuntime", errorMessage: String(error) };
    }
    const invocation = await environment.invoke(event, traceHeader, onStart);
    if (environment.alive()) keepIdle(environment);
    else environments.delete(environment);
    return invocation;
  }

  return {
    ...definition,
    concurrency,
    async invoke(event, causes = [], onStart) {
      const trace = traceOfInvocation(definition.arn, causes, definition.allowsRecursion);
      if (trace === "recursive loop") return { status: trace };
      if (running >= concurrency) {
        if (reservedConcurrency !== undefined) return { status: "throttled" };
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else {
        running += 1;
      }
      if (stopped) return { status: "throttled" };
      const invoking = invokeIdle(JSON.stringify(event), trace, onStart);
      invocations.add(invoking);
      const invocation = await invoking;
      invocations.delete(invoking);
      // A waiting invocation takes over this one's slot, so no later invocation can overtake it.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
      return invocation;
    },
    async stop() {
      stopped = true;
      for (const resume of waiting.splice(0)) resume();
      for (const { timer } of idle) clearTimeout(timer);
      await Promise.race([Promise.all(invocations), sleep(graceMs, undefined, { ref: false })]);
      await Promise.all([...environments].map((environment) => environment.terminate()));
    },
  };
}

/** A function's ARN or name without a version or alias, as in `arn:…:function:NAME:live` and `NAME:live`. */
export function unqualified(arnOrName: string): string {
  return arnOrName.replace(/^((?:arn:[^:]+:lambda:[^:]+:\d+:function:)?[^:]+):[\w$-]+$/, "$1");
}
