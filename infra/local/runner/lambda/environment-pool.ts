import {
  type EnvironmentContext,
  type ExecutionEnvironment,
  startExecutionEnvironment,
} from "./execution-environment.ts";
import type { FunctionDefinition } from "./function-definition.ts";

/** Where a function's code is. */
export type FunctionCode = Pick<FunctionDefinition, "taskRoot" | "moduleFile">;

/** The execution environments of one function. */
export interface EnvironmentPool {
  /**
   * Takes the environment that was used last, or else the first that ends its invocation or has loaded a new module. So
   * an invocation does not wait for a cold start while another environment becomes free.
   * @throws Error if Node.js refuses to start a worker.
   */
  take(): Promise<ExecutionEnvironment>;
  /** Gives an environment back after its invocation. */
  release(environment: ExecutionEnvironment): void;
  /** Later invocations get environments with this code. Environments with the previous code end. */
  replaceCode(code: FunctionCode): void;
  stop(): Promise<void>;
}

/** @param keepIdleMs how long an environment without an invocation is kept. */
export function createEnvironmentPool(
  definition: FunctionDefinition,
  keepIdleMs: number,
  context: EnvironmentContext,
): EnvironmentPool {
  const environments = new Set<ExecutionEnvironment>();
  const idle: { readonly environment: ExecutionEnvironment; readonly timer: NodeJS.Timeout }[] = [];
  /** Invocations without an environment: never more than environments are loading. */
  const waiting: ((environment: ExecutionEnvironment) => void)[] = [];
  let current = definition;
  let outdated = new WeakSet<ExecutionEnvironment>();
  let loading = 0;

  function startAnother(): void {
    const started = startExecutionEnvironment(current, context);
    environments.add(started);
    loading += 1;
    void started.ready.then(() => {
      loading -= 1;
      if (outdated.has(started)) replace(started);
      else if (waiting.length > 0) waiting.shift()?.(started);
      else release(started);
    });
  }

  /** An environment whose code was replaced while it loaded ends, and another one takes its place. */
  function replace(loaded: ExecutionEnvironment): void {
    end(loaded);
    if (waiting.length > loading) startAnother();
  }

  function end(environment: ExecutionEnvironment): void {
    environments.delete(environment);
    void environment.terminate();
  }

  /** The longest idle environments end first, because invocations take the latest one. */
  function keepIdle(environment: ExecutionEnvironment): void {
    const drop = () => {
      idle.splice(idle.indexOf(kept), 1);
      end(environment);
    };
    const kept = { environment, timer: setTimeout(drop, keepIdleMs).unref() };
    idle.push(kept);
  }

  function release(environment: ExecutionEnvironment): void {
    if (!environment.alive()) environments.delete(environment);
    else if (outdated.has(environment)) end(environment);
    else if (waiting.length > 0) waiting.shift()?.(environment);
    else keepIdle(environment);
  }

  return {
    release,
    async take() {
      for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
        clearTimeout(kept.timer);
        if (kept.environment.alive()) return kept.environment;
        environments.delete(kept.environment);
      }
      if (loading <= waiting.length) startAnother();
      return new Promise((resolve) => waiting.push(resolve));
    },
    replaceCode(code) {
      current = { ...definition, ...code };
      outdated = new WeakSet(environments);
      for (const { environment, timer } of idle.splice(0)) {
        clearTimeout(timer);
        end(environment);
      }
    },
    async stop() {
      for (const { timer } of idle) clearTimeout(timer);
      await Promise.all([...environments].map((environment) => environment.terminate()));
    },
  };
}
