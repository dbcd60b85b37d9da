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

/** What invokes the functions from outside. */
export interface Triggers {
  /** The HTTP API, if the stack has one. */
  readonly handleHttp: HttpHandler | undefined;
  /** Fires all schedules now and waits for what they invoke. */
  tick(): Promise<void>;
}

/**
 * Starts everything that invokes functions: HTTP API, event source mappings and schedules.
 * @param running is told how to stop them.
 * @throws StartUpError for what is not modelled, and for what AWS would refuse to create.
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
    /** Hears of invocations that the template's permissions do not allow. */
    readonly onRefused: (functionName: string, message: string) => void;
    /** Hears of batches that are caught in a recursive loop. */
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
