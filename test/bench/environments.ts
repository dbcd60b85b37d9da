import { once } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";

/** Execution environments that run the same handler. */
export interface Environments {
  /**
   * Invokes the handler with all events. Each environment handles its share in sequence.
   * @throws Error if an invocation fails
   */
  invoke(events: readonly unknown[]): Promise<Invoked>;
  stop(): Promise<void>;
}

export interface Invoked {
  /** The duration of all invocations. */
  ms: number;
  responses: string[];
  /** The duration of each invocation. */
  eachMs: number[];
  /** The CPU time of the environments' threads. */
  cpuMs: number;
}

export interface EnvironmentOptions {
  moduleFile: string;
  exportName: string;
  /** Environment variables. */
  env: Record<string, string>;
  /** Number of execution environments. */
  count: number;
}

/** What an environment answers when it has handled its share. */
interface Handled {
  handled: { response: string; ms: number }[];
  cpuMs: number;
}

/** Starts worker threads that load a module like Lambda's execution environments. */
export function startEnvironments({ count, env, moduleFile, exportName }: EnvironmentOptions): Environments {
  const workers = Array.from(
    { length: count },
    () =>
      new Worker(join(import.meta.dirname, "execution-environment.ts"), {
        env,
        workerData: { moduleFile, exportName },
      }),
  );
  const responseTo = async (worker: Worker, message: unknown) => {
    worker.postMessage(message);
    const [response] = (await once(worker, "message")) as [Handled];
    return response;
  };
  return {
    async invoke(events) {
      const share = (place: number) => events.filter((_, index) => index % workers.length === place);
      await Promise.all(workers.map((worker, place) => responseTo(worker, share(place))));
      const startedAt = performance.now();
      const all = await Promise.all(workers.map((worker) => responseTo(worker, "handle")));
      const ms = performance.now() - startedAt;
      const handled = all.flatMap((one) => one.handled);
      return {
        ...{ ms, responses: handled.map(({ response }) => response), eachMs: handled.map((each) => each.ms) },
        cpuMs: all.reduce((sum, one) => sum + one.cpuMs, 0),
      };
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}
