import type { AwsService } from "../protocol/aws-request.ts";

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

/** Something that AWS would not let pass, or that would go wrong there silently. */
export interface Violation {
  readonly at: number;
  readonly kind: "access denied" | "no invocation open" | "recursive loop" | "unknown caller" | "unknown call";
  readonly functionName: string | undefined;
  readonly message: string;
}

/** Keeps the calls and the violations. */
export interface CallRecorder {
  record(call: AwsCall): void;
  violate(violation: Omit<Violation, "at">): void;
}
