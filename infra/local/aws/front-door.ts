import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { readBody } from "../triggers/http-server.ts";
import type { Authorizer } from "./authorizer.ts";
import {
  type AwsRequest,
  type AwsResponse,
  accessKeyIdOf,
  errorResponse,
  errorTypeOf,
  readAwsRequest,
} from "./aws-request.ts";
import type { CallLedger } from "./call-ledger.ts";
import type { Caller, Callers } from "./callers.ts";
import type { Fault, Faults } from "./faults.ts";

/** An answer and the DynamoDB capacity units that it consumed. */
export interface Served {
  readonly response: AwsResponse;
  readonly readUnits: number;
  readonly writeUnits: number;
}

export interface FrontDoorParts {
  readonly callers: Callers;
  readonly authorizer: Authorizer;
  readonly faults: Faults;
  readonly ledger: CallLedger;
  /** Carries out a call that is allowed. */
  readonly serve: (request: AwsRequest, signal: AbortSignal) => Promise<Served>;
}

const bodyLimit = 20 * 1024 * 1024;
const nothing = { readUnits: 0, writeUnits: 0 };
/** How long after an invocation its end may still be on the way here, in milliseconds. */
const hangUpGraceMs = 250;
const brokenConnection = Symbol("broken connection");

/**
 * The one door through which all AWS calls pass: it knows the caller by its access key, refuses what its role does not
 * allow, injects faults, and records everything.
 */
export function createFrontDoor(parts: FrontDoorParts) {
  const { callers, authorizer, faults, ledger, serve } = parts;

  async function answer(
    incoming: IncomingMessage,
    signal: AbortSignal,
  ): Promise<AwsResponse | typeof brokenConnection> {
    const at = Date.now();
    const caller = callers.find(accessKeyIdOf(incoming.headers));
    if (caller === "departed") return brokenConnection;
    const invocation = caller?.invocation?.();
    const body = await readBody(incoming, bodyLimit);
    if (body === undefined) return errorResponse("RequestEntityTooLarge", "The request body is too large.", 413);
    if (caller === undefined) {
      ledger.violate({ kind: "unknown caller", functionName: undefined, message: "a call with an unknown access key" });
      return errorResponse("UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    const functionName = caller.functionName;
    const request = readAwsRequest(incoming.headers, body);
    if (request === undefined) {
      const target = `${incoming.headers["x-amz-target"] ?? `${incoming.method} ${incoming.url}`}`;
      ledger.violate({ kind: "unknown call", functionName, message: `${target} is not modelled` });
      return errorResponse("UnknownOperationException", `${target} is not modelled by the local stack.`);
    }
    const { resource, denial } = authorizer.authorize(caller.role, functionName, request);
    const { service, action } = request;
    const record = (allowed: boolean, error: string | undefined, units = nothing) =>
      ledger.record({
        ...{ at, caller: caller.kind, functionName, invocation, service, action, resource, allowed, error },
        ...{ readUnits: units.readUnits, writeUnits: units.writeUnits },
      });

    if (caller.kind === "function" && invocation === undefined) {
      if (await isGivenUp(signal)) {
        record(true, "GivenUp");
        return brokenConnection;
      }
      const message = `${service}:${action} by ${functionName} with no invocation open: on AWS it would have been frozen`;
      ledger.violate({ kind: "no invocation open", functionName, message });
      record(false, "FrozenException");
      return errorResponse("FrozenException", message);
    }
    if (denial !== undefined) {
      ledger.violate({ kind: "access denied", functionName, message: denial });
      record(false, "AccessDeniedException");
      return errorResponse("com.amazon.coral.service#AccessDeniedException", denial);
    }
    const fault = caller.kind === "function" ? faults.strike({ isFunction: caller.isFunction, request }) : undefined;
    const refusal = await strikeBefore(fault, caller, request);
    if (refusal !== undefined) {
      record(true, refusal === brokenConnection ? "Crash" : errorTypeOf(refusal));
      return refusal;
    }
    const served = await serve(request, signal);
    record(true, errorTypeOf(served.response), served);
    if (invocation !== undefined && caller.invocation?.() !== invocation && !(await isGivenUp(signal))) {
      const message = `${service}:${action} by ${functionName} was not awaited: its invocation ended before the call`;
      ledger.violate({ kind: "no invocation open", functionName, message });
    }
    if (fault?.kind === "crash-after") caller.crash?.();
    return fault?.kind === "after" || fault?.kind === "crash-after" ? brokenConnection : served.response;
  }

  return (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const gone = new AbortController();
    outgoing.once("close", () => gone.abort());
    answer(incoming, gone.signal)
      .catch((error: unknown) => errorResponse("InternalServerError", String(error), 500))
      .then((response) => {
        if (outgoing.destroyed) return;
        if (response === brokenConnection) outgoing.destroy();
        else
          outgoing
            .writeHead(response.status, { ...response.headers, "content-length": response.body.length })
            .end(response.body);
      });
  };
}

/** Whether the caller has hung up: of a call that it gave up it may be heard only after the call itself. */
async function isGivenUp(signal: AbortSignal): Promise<boolean> {
  await sleep(hangUpGraceMs, undefined, { signal }).catch(() => undefined);
  return signal.aborted;
}

async function strikeBefore(
  fault: Fault | undefined,
  caller: Caller,
  request: AwsRequest,
): Promise<AwsResponse | typeof brokenConnection | undefined> {
  switch (fault?.kind) {
    case "before":
      return errorResponse("InternalServerError", "Injected fault.", 500);
    case "throttle":
      return request.service === "dynamodb"
        ? errorResponse("com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "Injected fault.")
        : errorResponse("ThrottlingException", "Injected fault.");
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
