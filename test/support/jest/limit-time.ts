import type { Circus } from "@jest/types";

const defaultLimitMs = 300_000;
// The real ones, before a test replaces them with fake timers.
const { setTimeout, clearTimeout } = globalThis;

/**
 * Ends a test or hook that takes too long with an error, and adds the cause of an error to what is shown:
 * jest-light-runner knows no time limit and shows no cause. Call it for every event of jest-circus. A `test.todo` is
 * skipped, because jest-light-runner would run it.
 */
export function limitTime(event: Circus.Event, { currentDescribeBlock }: Circus.State) {
  if (event.name === "add_hook") limit(currentDescribeBlock.hooks.at(-1), `the hook ${event.hookType}`);
  if (event.name !== "add_test") return;
  const added = currentDescribeBlock.children.at(-1);
  if (added?.type !== "test") return;
  if (added.mode === "todo") added.mode = "skip";
  if (added.concurrent || added.failing)
    throw new Error(`"${added.name}": jest-light-runner knows neither test.concurrent nor test.failing`);
  limit(added, `"${added.name}"`);
}

function limit(added: { fn?: unknown; timeout?: number | null | undefined } | undefined, what: string) {
  if (typeof added?.fn !== "function") return;
  const { fn, timeout } = added;
  if (fn.length > 0) throw new Error(`${what} takes a callback; return a promise instead`);
  const limitMs = timeout ?? defaultLimitMs;
  added.fn = async () => {
    const { promise, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Error(`${what} did not end within ${limitMs} ms`)), limitMs);
    try {
      return await Promise.race([fn(), promise]);
    } catch (error) {
      if (error instanceof Error && error.cause instanceof Error) error.stack += `\nCause: ${error.cause.stack}`;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  };
}
