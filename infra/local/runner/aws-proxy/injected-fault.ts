import { setTimeout as sleep } from "node:timers/promises";
import { type AwsRequest, type AwsResponse, errorFor, errorResponse } from "../protocol/aws-request.ts";
import type { Caller } from "./callers.ts";

/** A fault that the proxy injects into one call of a function. */
export interface InjectedFault {
  /**
   * - `before`: the call fails with a 500 and has no effect;
   * - `after`: the call takes effect, then the connection breaks and the caller gets no response;
   * - `throttle`: the call is throttled and has no effect;
   * - `delay`: the call waits for `delayMs` first;
   * - `crash-before`, `crash-after`: the calling function's worker dies before or after the call takes effect.
   */
  readonly kind: "before" | "after" | "throttle" | "delay" | "crash-before" | "crash-after";
  /** Milliseconds; for `delay`. */
  readonly delayMs?: number;
}

/** Chooses the fault for a call of a function; `undefined` for none. */
export type ChooseFault = (call: {
  readonly isFunction: (idOrName: string) => boolean;
  readonly request: AwsRequest;
}) => InjectedFault | undefined;

/** Result: the proxy breaks the connection instead of answering. */
export const brokenConnection = Symbol("broken connection");

/** Applies a fault that acts before the call. Returns the response if the fault prevents the call. */
export async function failBefore(
  fault: InjectedFault | undefined,
  caller: Caller,
  request: AwsRequest,
): Promise<AwsResponse | typeof brokenConnection | undefined> {
  switch (fault?.kind) {
    case "before":
      return errorFor(request, "InternalServerError", "Injected fault.", 500);
    case "throttle":
      return request.service === "dynamodb"
        ? errorResponse("com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "Injected fault.")
        : errorFor(request, "ThrottlingException", "Injected fault.");
    case "delay":
      await sleep(fault.delayMs ?? 0);
      return undefined;
    case "crash-before":
      caller.crash?.();
      return brokenConnection;
    default:
      return undefined;
  }
}
