import { setTimeout as sleep } from "node:timers/promises";
import {
  type InstanceSurroundings,
  type Invocation,
  type LambdaInstance,
  startInstance,
} from "./execution-environment.ts";
import type { FunctionDefinition } from "./function-definition.ts";
import { traceOfInvocation } from "./recursion-detection.ts";

/**
 * How an invocation ended, or why none began: the reserved concurrency was used up, or the chain of requests has
 * invoked the function too often.
 */
export type InvocationOutcome = Invocation | { readonly status: "throttled" | "recursive loop" };

/** A function of the stack, ready to be invoked. */
export interface LambdaFunction extends FunctionDefinition {
  /** How many invocations can run at a time. */
  readonly concurrency: number;
  /**
   * Invokes it synchronously, in an idle worker or a new one. Above the reserved concurrency of the template it is
   * throttled, as on AWS; above the runner's own limit it waits.
   * @param event is sent as JSON.
   * @param causes the trace headers of the messages in it.
   */
  invoke(event: unknown, causes?: readonly (string | undefined)[]): Promise<InvocationOutcome>;
  /** Gives what is running a second to end. */
  stop(): Promise<void>;
}

const graceMs = 1000;

/** @param limit how many workers a function without reserved concurrency may have. */
export function createLambdaFunction(
  definition: FunctionDefinition,
  limit: number,
  surroundings: InstanceSurroundings,
): LambdaFunction {
  const { reservedConcurrency } = definition;
  const concurrency = reservedConcurrency ?? limit;
  const instances = new Set<LambdaInstance>();
  const idle: LambdaInstance[] = [];
  const waiting: (() => void)[] = [];
  const invocations = new Set<Promise<Invocation>>();
  let running = 0;
  let stopped = false;

  function takeInstance(): LambdaInstance {
    for (let instance = idle.pop(); instance !== undefined; instance = idle.pop()) {
      if (instance.alive()) return instance;
      instances.delete(instance);
    }
    const started = startInstance(definition, surroundings);
    instances.add(started);
    return started;
  }

  async function invokeIdle(event: string, traceHeader: string): Promise<Invocation> {
    let instance: LambdaInstance;
    try {
      instance = takeInstance();
    } catch (error) {
      // Node.js refuses the worker, for NODE_OPTIONS that it does not know.
      return { status: "failed", requestId: "", errorType: "Runtime.InvalidRuntime", errorMessage: String(error) };
    }
    const invocation = await instance.invoke(event, traceHeader);
    if (instance.alive()) idle.push(instance);
    else instances.delete(instance);
    return invocation;
  }

  return {
    ...definition,
    concurrency,
    async invoke(event, causes = []) {
      const trace = traceOfInvocation(definition.arn, causes, definition.mayLoop);
      if (trace === "recursive loop") return { status: trace };
      if (running >= concurrency) {
        if (reservedConcurrency !== undefined) return { status: "throttled" };
        await new Promise<void>((resolve) => waiting.push(resolve));
      } else {
        running += 1;
      }
      if (stopped) return { status: "throttled" };
      const invoking = invokeIdle(JSON.stringify(event), trace);
      invocations.add(invoking);
      const invocation = await invoking;
      invocations.delete(invoking);
      // A waiting invocation takes this one's place, so that nobody slips in before it.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
      return invocation;
    },
    async stop() {
      stopped = true;
      for (const resume of waiting.splice(0)) resume();
      await Promise.race([Promise.all(invocations), sleep(graceMs, undefined, { ref: false })]);
      await Promise.all([...instances].map((instance) => instance.terminate()));
    },
  };
}
