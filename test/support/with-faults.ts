/** The process has crashed: its pending work is not done. */
export class Crash extends Error {}

type Methods = Record<string, (...given: never[]) => Promise<unknown>>;

/** Counts calls through the wrapped ports and crashes the process before or after one of them. */
export interface CrashPlan {
  calls: number;
  /** The number of the call, from 1; 0 for none. */
  at: number;
  when: "before" | "after";
}

/** A port with counted calls. After the crash every call fails. */
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
