/** The process has died: whatever it was about to do is not done. */
export class Crash extends Error {}

type Methods = Record<string, (...given: never[]) => Promise<unknown>>;

/** Counts the calls through the ports it wraps and ends the process before or after one of them. */
export interface CrashPlan {
  calls: number;
  /** Which call, from 1 on; none for 0. */
  at: number;
  when: "before" | "after";
}

/**
 * A port whose calls are counted by the plan. From the crash on every call fails, as for a process that is gone.
 */
export function withCrash<Port extends object>(port: Port, plan: CrashPlan): Port {
  const methods = port as unknown as Methods;
  return new Proxy(port, {
    get(_, name) {
      const method = methods[String(name)];
      if (typeof method !== "function") return method;
      return async (...given: never[]) => {
        const call = ++plan.calls;
        if (plan.at > 0 && (call > plan.at || (call === plan.at && plan.when === "before"))) throw new Crash();
        const result = await method.apply(methods, given);
        if (call === plan.at) throw new Crash();
        return result;
      };
    },
  });
}
