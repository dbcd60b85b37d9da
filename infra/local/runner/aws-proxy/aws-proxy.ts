import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Authorizer } from "../iam/authorizer.ts";
import {
  type AwsRequest,
  type AwsResponse,
  accessKeyIdOf,
  errorFor,
  errorResponse,
  errorTypeOf,
  readAwsRequest,
} from "../protocol/aws-request.ts";
import { readBody } from "../protocol/http-server.ts";
import type { Served } from "../services/aws-services.ts";
import type { CallRecorder } from "./aws-call.ts";
import type { Callers } from "./callers.ts";
import { brokenConnection, type ChooseFault, failBefore } from "./injected-fault.ts";

export interface AwsProxyParts {
  readonly callers: Callers;
  readonly authorizer: Authorizer;
  readonly chooseFault: ChooseFault;
  readonly recorder: CallRecorder;
  /** Serves an allowed call. */
  readonly serve: (request: AwsRequest, signal: AbortSignal) => Promise<Served>;
}

const bodyLimit = 20 * 1024 * 1024;
const nothing = { readUnits: 0, writeUnits: 0 };
/** How long the proxy waits for a caller's disconnect after its invocation has ended, in milliseconds. */
const hangUpGraceMs = 250;

/**
 * Receives all AWS calls of the stack. It identifies the caller by its access key, enforces the caller's role, injects
 * faults and records every call.
 */
export function createAwsProxy(parts: AwsProxyParts) {
  const { callers, authorizer, chooseFault, recorder, serve } = parts;

  async function respond(
    incoming: IncomingMessage,
    signal: AbortSignal,
  ): Promise<AwsResponse | typeof brokenConnection> {
    const at = Date.now();
    const accessKeyId = accessKeyIdOf(incoming.headers);
    const caller = callers.find(accessKeyId);
    if (caller === "revoked") return brokenConnection;
    const invocation = caller?.invocation?.();
    const body = await readBody(incoming, bodyLimit);
    if (body === undefined) return errorResponse("RequestEntityTooLarge", "The request body is too large.", 413);
    if (caller === undefined) {
      recorder.violate({
        kind: "unknown caller",
        functionName: undefined,
        message: "a call with an unknown access key",
      });
      return errorResponse("UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    const functionName = caller.functionName;
    const request = readAwsRequest(incoming.headers, body);
    if (request === undefined) {
      const target = `${incoming.headers["x-amz-target"] ?? `${incoming.method} ${incoming.url}`}`;
      recorder.violate({ kind: "unknown call", functionName, message: `${target} is not modelled` });
      return errorResponse("UnknownOperationException", `${target} is not modelled by the local stack.`);
    }
    const { resource, denial } = authorizer.authorize(caller.role, functionName, request);
    const { service, action } = request;
    const record = (allowed: boolean, error: string | undefined, units = nothing) =>
      recorder.record({
        ...{ at, caller: caller.kind, functionName, invocation, service, action, resource, allowed, error },
        ...{ readUnits: units.readUnits, writeUnits: units.writeUnits },
      });

    if (caller.kind === "function" && invocation === undefined) {
      if (await hasDisconnected(signal)) {
        record(true, "Disconnected");
        return brokenConnection;
      }
      const message = `${service}:${action} by ${functionName} with no invocation open: on AWS it would have been frozen`;
      recorder.violate({ kind: "no invocation open", functionName, message });
      record(false, "FrozenException");
      return errorFor(request, "FrozenException", message);
    }
    if (denial !== undefined) {
      const { type, message, isElsewhere } = denial;
      if (!isElsewhere) recorder.violate({ kind: "access denied", functionName, message });
      const refusal = errorFor(request, type, message);
      record(false, errorTypeOf(refusal));
      return refusal;
    }
    const fault = caller.kind === "function" ? chooseFault({ isFunction: caller.isFunction, request }) : undefined;
    const refusal = await failBefore(fault, caller, request);
    if (refusal !== undefined) {
      record(true, refusal === brokenConnection ? "Crash" : errorTypeOf(refusal));
      return refusal;
    }
    const served = await serve(request, signal);
    record(true, errorTypeOf(served.response), served);
    // A key is revoked before its caller is ended, so such a caller may have been awaiting the call.
    const isEnded = callers.find(accessKeyId) === "revoked";
    const isLate = invocation !== undefined && caller.invocation?.() !== invocation;
    if (isLate && !isEnded && !(await hasDisconnected(signal))) {
      const message = `${service}:${action} by ${functionName} was not awaited: its invocation ended before the call`;
      recorder.violate({ kind: "no invocation open", functionName, message });
    }
    if (fault?.kind === "crash-after") caller.crash?.();
    return fault?.kind === "after" || fault?.kind === "crash-after" ? brokenConnection : served.response;
  }

  return (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const gone = new AbortController();
    outgoing.once("close", () => gone.abort());
    respond(incoming, gone.signal)
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

/** Whether the caller has disconnected. The disconnect can arrive some time after the call. */
async function hasDisconnected(signal: AbortSignal): Promise<boolean> {
  await sleep(hangUpGraceMs, undefined, { signal }).catch(() => undefined);
  return signal.aborted;
}
