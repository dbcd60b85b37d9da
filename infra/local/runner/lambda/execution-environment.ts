import { randomUUID } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { Callers } from "../aws-proxy/callers.ts";
import { type FunctionDefinition, functionEnvironment } from "./function-definition.ts";

/** How an invocation ended. `payload` is JSON. */
export type Invocation = (
  | { readonly status: "succeeded"; readonly requestId: string; readonly payload: string }
  | {
      readonly status: "failed";
      readonly requestId: string;
      readonly errorType: string;
      readonly errorMessage: string;
    }
) & {
  /** Peak heap during the invocation in bytes; `undefined` if there was no sample. */
  readonly maxHeapBytes?: number | undefined;
};

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly functionName: string;
  /** Request id of the current invocation, or of the last one for output between invocations. */
  readonly requestId: string;
  readonly line: string;
}

/** A worker thread that handles one invocation at a time. */
export interface ExecutionEnvironment {
  /** The first call waits for the module to load, and fails if loading fails. Then `onStart` is called. */
  invoke(event: string, traceHeader: string, onStart?: () => void): Promise<Invocation>;
  alive(): boolean;
  terminate(): Promise<void>;
}

/** Starts to sample a worker's heap. The returned function stops and gives the peak in bytes, if there was a sample. */
export type MeasureHeap = (worker: Worker) => () => number | undefined;

export interface EnvironmentContext {
  readonly region: string;
  readonly endpointUrl: string;
  readonly callers: Callers;
  readonly isFunction: (definition: FunctionDefinition, idOrName: string) => boolean;
  readonly onLog: (line: LogLine) => void;
  readonly measureHeap?: MeasureHeap | undefined;
  readonly onInvocation?: ((functionName: string, ms: number) => void) | undefined;
  /** A longer init phase is logged. Default: Lambda's limit. */
  readonly initLimitMs?: number;
}

type Message =
  | { type: "ready" }
  | { type: "log"; line: string }
  | { type: "result"; payload: string }
  | { type: "failure"; errorType: string; errorMessage: string };

type Failure = { readonly errorType: string; readonly errorMessage: string };

/**
 * AWS Lambda: the init phase may take 10 seconds.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const lambdaInitMs = 10_000;
const slowInit = "INIT takes longer than Lambda's limit of 10 seconds, perhaps because this machine is busy";
/** How long it may take here, because this machine may be busy with other work. */
const initPatienceSeconds = 120;
/** The part of the heap for new objects. Node's default lets each of many threads hold tens of megabytes of garbage. */
const youngHeapMb = 8;

export function startExecutionEnvironment(
  definition: FunctionDefinition,
  context: EnvironmentContext,
): ExecutionEnvironment {
  const { name: functionName, arn: functionArn, timeoutSeconds, role } = definition;
  const logStream = `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${randomUUID()}`;
  let alive = true;
  let ready = false;
  let latestRequestId = "init";
  let open: { requestId: string; settle: (end: { payload: string } | Failure) => void } | undefined;
  let whenReady: (() => void) | undefined;

  const accessKeyId = context.callers.issueKey({
    kind: "function",
    functionName,
    role,
    isFunction: (idOrName) => context.isFunction(definition, idOrName),
    invocation: () => open?.requestId ?? (ready ? undefined : "init"),
    crash: () => die({ errorType: "Runtime.ExitError", errorMessage: "crashed by an injected fault" }),
  });
  const worker = new Worker(new URL("./execution-environment-worker.ts", import.meta.url), {
    env: functionEnvironment(definition, { ...context, accessKeyId, logStream }),
    execArgv: [],
    workerData: {
      ...{ moduleFile: definition.moduleFile, exportName: definition.exportName, functionName, functionArn, logStream },
      ...{ memorySize: String(definition.memorySize), logGroup: definition.logGroup },
    },
    resourceLimits: { maxOldGenerationSizeMb: definition.memorySize, maxYoungGenerationSizeMb: youngHeapMb },
  });
  const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));

  const log = (line: string) => context.onLog({ at: Date.now(), functionName, requestId: latestRequestId, line });
  function die(failure: Failure): void {
    if (!alive) return;
    alive = false;
    context.callers.revokeKey(accessKeyId);
    log(`${failure.errorType}: ${failure.errorMessage}`);
    open?.settle(failure);
    void worker.terminate();
  }

  worker.on("message", (message: Message) => {
    switch (message.type) {
      case "ready":
        ready = true;
        whenReady?.();
        break;
      case "log":
        log(message.line);
        break;
      case "result":
      case "failure":
        open?.settle(message);
    }
  });
  // An uncaught error or unhandled rejection ends the process on Lambda, and the thread here.
  // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
  worker.on("error", (error: unknown) => {
    const { name = "Error", message = String(error) } = (error ?? {}) as { name?: string; message?: string };
    die({ errorType: `Runtime.${name.replace(/^Runtime\./, "")}`, errorMessage: message });
  });
  worker.on("exit", (code) => {
    die({
      errorType: "Runtime.ExitError",
      errorMessage: `RequestId: ${latestRequestId} Error: Runtime exited with exit status ${code}`,
    });
  });

  return {
    alive: () => alive,
    async terminate() {
      alive = false;
      context.callers.revokeKey(accessKeyId);
      open?.settle({ errorType: "Runtime.ExitError", errorMessage: "the local stack was stopped" });
      void worker.terminate();
      await exited;
    },
    async invoke(event, traceHeader, onStart) {
      const requestId = randomUUID();
      latestRequestId = requestId;
      let timer: NodeJS.Timeout | undefined;
      const expireAfter = (seconds: number) => {
        const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
        clearTimeout(timer);
        timer = setTimeout(() => die({ errorType: "Sandbox.Timedout", errorMessage }), seconds * 1000);
      };
      const initTimer = ready ? undefined : setTimeout(() => log(slowInit), context.initLimitMs ?? lambdaInitMs);
      const peakHeap = context.measureHeap?.(worker);
      let startedAt = performance.now();
      const end = await new Promise<{ payload: string } | Failure>((resolve) => {
        open = { requestId, settle: resolve };
        const start = () => {
          clearTimeout(initTimer);
          startedAt = performance.now();
          onStart?.();
          expireAfter(timeoutSeconds);
          worker.postMessage({ requestId, event, traceHeader, deadline: Date.now() + timeoutSeconds * 1000 });
        };
        whenReady = start;
        if (ready) start();
        else expireAfter(initPatienceSeconds);
      });
      open = undefined;
      for (const each of [timer, initTimer]) clearTimeout(each);
      context.onInvocation?.(functionName, performance.now() - startedAt);
      const ended = { requestId, maxHeapBytes: peakHeap?.() };
      return "payload" in end ? { status: "succeeded", ...ended, ...end } : { status: "failed", ...ended, ...end };
    },
  };
}
