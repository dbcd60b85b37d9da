import { type Functions, functionsOf, type Surroundings } from "./functions.ts";
import type { History } from "./history.ts";
import { newWorker, type Worker } from "./outside.ts";

/** How an invocation ended, for its caller. */
export type Ended<Value> = { ended: "done"; value: Value } | { ended: "failed"; error: unknown } | { ended: "crashed" };

export interface Failure {
  name: string;
  error: unknown;
}

export type Invocations = ReturnType<typeof createInvocations>;

/** Runs invocations in Lambda's execution environments, which are used again until they crash. */
export function createInvocations(surroundings: Surroundings, history: History, failures: Failure[]) {
  const { time, outside } = surroundings;
  /** The live execution environments, by function. */
  const idle = new Map<string, { worker: Worker; functions: Functions }[]>();

  /** How many invocations have started, and how many are running. */
  let [started, running] = [0, 0];

  const invoke = async <Value>(name: string, work: (its: Functions) => Promise<Value>): Promise<Ended<Value>> => {
    const free = idle.get(name) ?? [];
    idle.set(name, free);
    const environment = free.pop() ?? environmentOf();
    const { worker, functions } = environment;
    started++;
    running++;
    const result = work(functions).then(
      (value): Ended<Value> => ({ ended: "done", value }),
      (error: unknown): Ended<Value> => ({ ended: "failed", error }),
    );
    const ended = await Promise.race([result, worker.died]);
    running--;
    if (ended === "crashed") return { ended: "crashed" };
    // Lambda freezes unfinished work when an invocation ends.
    if (worker.underWay > 0) history.violated(`${name} ended with calls under way`);
    if (ended.ended === "failed") failures.push({ name, error: ended.error });
    free.push(environment);
    return ended;
  };
  const environmentOf = () => {
    const worker = newWorker();
    return { worker, functions: functionsOf(surroundings, worker) };
  };

  /** Delivers an external trigger. It may come twice, even at the same time. */
  const trigger = <Value>(name: string, once: () => Promise<Value>): Promise<Value> => {
    const ways = {
      effect: once,
      broken: once,
      throttled: once,
      late: async () => {
        const [first] = await Promise.all([once(), once()]);
        return first;
      },
    };
    // Two at once is another case than a repetition.
    return outside.pass(newWorker(), { service: "triggers", name, kinds: ["twice", "stale"] }, ways);
  };

  /** Repeats a caller's request until it is answered. */
  const insist = async <Value>(name: string, work: (its: Functions) => Promise<Value>): Promise<Value> => {
    for (let tries = 1; tries <= 20; tries++) {
      const ended = await invoke(name, work);
      if (ended.ended === "done") return ended.value;
      await time.sleep(10 * 60_000);
    }
    throw new Error(`${name} does not answer`);
  };

  return { invoke, trigger, insist, counts: () => ({ started, running }) };
}
