import type { AwsService } from "../protocol/aws-request.ts";

/** One AWS call that arrived at the proxy. */
export interface AwsCall {
  /** Milliseconds since the epoch, on arrival. */
  readonly at: number;
  /** The caller: `function`, `event source` (Lambda's poller, with the function's role) or `operator`. */
  readonly caller: "function" | "event source" | "operator";
  /** Physical name of the function, or of the event source's target function; undefined for the operator. */
  readonly functionName: string | undefined;
  /** Request id of the invocation that made the call. */
  readonly invocation: string | undefined;
  readonly service: AwsService;
  readonly action: string;
  /** ARN of the call's first resource. */
  readonly resource: string;
  readonly allowed: boolean;
  /** AWS error type, or undefined for a success. */
  readonly error: string | undefined;
  /** DynamoDB capacity units, computed from item images; 0 if counting is off. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** A call or setting that AWS would refuse, or that would fail on AWS without an error. */
export interface Violation {
  readonly at: number;
  readonly kind: "access denied" | "no invocation open" | "recursive loop" | "unknown caller" | "unknown call";
  readonly functionName: string | undefined;
  readonly message: string;
}

/** Records calls and violations. */
export interface CallRecorder {
  record(call: AwsCall): void;
  violate(violation: Omit<Violation, "at">): void;
}
