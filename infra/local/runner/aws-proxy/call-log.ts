import type { AwsCall, CallRecorder, Violation } from "./aws-call.ts";

/** Totals of one caller's calls with one action on one resource. */
export interface Usage extends Pick<AwsCall, "caller" | "functionName" | "service" | "action" | "resource"> {
  readonly calls: number;
  readonly errors: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** Keeps the calls that arrived at the AWS proxy. */
export interface CallLog extends CallRecorder {
  /** The latest calls, oldest first: at most 11,000. */
  readonly calls: readonly AwsCall[];
  readonly violations: readonly Violation[];
  /** Totals of all calls since the start or the last `clear`. */
  usage(): Usage[];
  clear(): void;
}

const keptCalls = 10_000;

export function createCallLog(): CallLog {
  const calls: AwsCall[] = [];
  const violations: Violation[] = [];
  const totals = new Map<string, Usage>();
  return {
    calls,
    violations,
    usage: () => [...totals.values()],
    clear() {
      calls.length = 0;
      totals.clear();
    },
    record(call) {
      calls.push(call);
      if (calls.length > keptCalls * 1.1) calls.splice(0, calls.length - keptCalls);
      const { caller, functionName, service, action, resource, error, readUnits, writeUnits } = call;
      const key = [caller, functionName, action, resource].join(" ");
      const sum = totals.get(key);
      totals.set(key, {
        ...{ caller, functionName, service, action, resource },
        calls: (sum?.calls ?? 0) + 1,
        errors: (sum?.errors ?? 0) + (error === undefined ? 0 : 1),
        readUnits: (sum?.readUnits ?? 0) + readUnits,
        writeUnits: (sum?.writeUnits ?? 0) + writeUnits,
      });
    },
    violate(violation) {
      if (violations.length < keptCalls) violations.push({ at: Date.now(), ...violation });
    },
  };
}
