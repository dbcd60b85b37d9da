import type { AwsService } from "./aws-request.ts";

/** One AWS call that passed the front door. */
export interface AwsCall {
  /** Milliseconds since the epoch, on arrival. */
  readonly at: number;
  /** Who called: `function`, `event source` (Lambda's poller, with the function's role) or `operator`. */
  readonly caller: "function" | "event source" | "operator";
  /** Physical name of the function, or of the function an event source feeds; undefined for the operator. */
  readonly functionName: string | undefined;
  /** Request id of the invocation that was open. */
  readonly invocation: string | undefined;
  readonly service: AwsService;
  readonly action: string;
  /** ARN of the (first) resource touched. */
  readonly resource: string;
  readonly allowed: boolean;
  /** AWS error type, or undefined for a success. */
  readonly error: string | undefined;
  /** DynamoDB capacity units by item images; 0 where counting is off. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** Calls of one function with one action on one resource, added up. */
export interface Usage extends Pick<AwsCall, "caller" | "functionName" | "service" | "action" | "resource"> {
  readonly calls: number;
  readonly errors: number;
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** Something that AWS would not let pass, or that would go wrong there silently. */
export interface Violation {
  readonly at: number;
  readonly kind: "access denied" | "no invocation open" | "recursive loop" | "unknown caller" | "unknown call";
  readonly functionName: string | undefined;
  readonly message: string;
}

/** What passed the front door. */
export interface CallLedger {
  /** The latest calls, oldest first: at most 100,000. */
  readonly calls: readonly AwsCall[];
  readonly violations: readonly Violation[];
  /** All calls since the start or the last `clear`, added up. */
  usage(): Usage[];
  clear(): void;
  record(call: AwsCall): void;
  violate(violation: Omit<Violation, "at">): void;
}

const keptCalls = 100_000;

export function createCallLedger(): CallLedger {
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
