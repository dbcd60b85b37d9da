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
import { startSchedules } from "./schedules.ts";

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
    /** Receives invocations that the template's permissions do not allow. */
    readonly onRefused: (functionName: string, message: string) => void;
    /** Receives batches in a recursive loop. */
    readonly onLoop: (functionName: string, message: string) => void;
  },
  running: AsyncDisposableStack,
): Triggers {
  const { stack, functions, queues, roles, callers, traces, tickSeconds, onRefused, onLoop } = parts;
  const api = readHttpApi(stack, functions);
  const eventSources = startEventSources(stack, functions, queues, callers, traces, onLoop);
  running.defer(() => eventSources.stop());
  const invocations = createAsyncInvocations(stack);
  running.defer(() => invocations.stop());
  const schedules = startSchedules(stack, functions, roles, invocations, tickSeconds, onRefused);
  running.defer(() => schedules.stop());
  return { handleHttp: api && createHttpApi(api, onRefused), tick: schedules.tick };
}
