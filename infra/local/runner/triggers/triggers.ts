import type { Callers } from "../aws-proxy/callers.ts";
import type { Role } from "../iam/roles.ts";
import { createAsyncInvocations } from "../lambda/async-invocation.ts";
import type { LambdaFunction } from "../lambda/lambda-function.ts";
import type { MessageTraces } from "../services/message-traces.ts";
import type { Queue } from "../services/queues.ts";
import type { StackResources } from "../template/stack-resources.ts";
import { startEventSources } from "./event-sources.ts";
import { createHttpApi, type HttpHandler } from "./http-api.ts";
import { readHttpApi } from "./http-api-definition.ts";
import { type IdlePace, startSchedules } from "./schedules.ts";

/** The triggers that invoke the functions. */
export interface Triggers {
  /** The HTTP API, if the stack has one. */
  readonly handleHttp: HttpHandler | undefined;
  /** Fires all schedules now and waits for their invocations. */
  tick(): Promise<void>;
}

/**
 * Starts the triggers: HTTP API, event source mappings and schedules.
 * @param running receives the functions that stop them.
 * @throws StartUpError for settings that are not modelled, and for resources that AWS would refuse to create.
 */
export function startTriggers(
  parts: {
    readonly stack: StackResources;
    readonly functions: readonly LambdaFunction[];
    readonly queues: readonly Queue[];
    readonly roles: ReadonlyMap<string, Role>;
    readonly callers: Callers;
    readonly traces: MessageTraces;
    readonly tickSeconds: number | undefined;
    /** undefined to keep the pace. */
    readonly whenIdle: IdlePace | undefined;
    /** Receives invocations that the template's permissions do not allow. */
    readonly onRefused: (functionName: string, message: string) => void;
    /** Receives batches in a recursive loop. */
    readonly onLoop: (functionName: string, message: string) => void;
  },
  running: AsyncDisposableStack,
): Triggers {
  const { stack, queues, roles, callers, traces, tickSeconds, whenIdle, onRefused, onLoop } = parts;
  let usedAt = performance.now();
  // Schedules invoke the functions themselves: what they invoke is no use of the stack.
  const functions = parts.functions.map((fn): LambdaFunction => {
    const invoke: LambdaFunction["invoke"] = (...given) => {
      usedAt = performance.now();
      return fn.invoke(...given);
    };
    return { ...fn, invoke };
  });
  const api = readHttpApi(stack, functions);
  const eventSources = startEventSources(stack, functions, queues, callers, traces, onLoop);
  running.defer(() => eventSources.stop());
  const invocations = createAsyncInvocations(stack);
  running.defer(() => invocations.stop());
  const pace = {
    tickSeconds,
    isIdle: () => whenIdle !== undefined && performance.now() - usedAt > whenIdle.afterMs,
    oneTurnIn: whenIdle?.oneTurnIn ?? 1,
  };
  const schedules = startSchedules(stack, parts.functions, roles, invocations, pace, onRefused);
  running.defer(() => schedules.stop());
  return { handleHttp: api && createHttpApi(api, onRefused), tick: schedules.tick };
}
