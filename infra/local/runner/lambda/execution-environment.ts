import { randomUUID } from "node:crypto";
import { Worker } from "node:worker_threads";
import type { Callers } from "../aws-proxy/callers.ts";
import { type FunctionDefinition, functionEnvironment } from "./function-definition.ts";
import { type Failure, type Invocation, timedOut } from "./invocation.ts";
import { timesLonger } from "./machine-load.ts";
import { workerModule } from "./worker-module.ts";

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
  /** Resolves when the module has loaded, or the environment has died. */
  readonly ready: Promise<void>;
  /** Handles an event, once `ready`. Fails with the reason if the environment has died. */
  invoke(event: string, traceHeader: string): Promise<Invocation>;
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
  readonly onInvocation?: ((functionName: string, ms: number, cpuMs: number) => void) | undefined;
  /** A longer init phase is logged. Default: Lambda's limit. */
  readonly initLimitMs?: number;
}

/** `cpuMs` is missing if the environment died. */
type End = { payload: string; cpuMs: number } | (Failure & { cpuMs?: number });
type Message = { type: "ready" } | { type: "log"; line: string } | ({ type: "result" | "failure" } & End);

/**
 * AWS Lambda: the init phase may take 10 seconds.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const lambdaInitMs = 10_000;
const slowInit = "INIT takes longer than Lambda's limit of 10 seconds, perhaps because this machine is busy";
/** How long it may take here, because this machine may be busy with other work. */
const initPatienceMs = 120_000;
/** The part of the heap for new objects. Node's default lets each of many threads hold tens of megabytes of garbage. */
const youngHeapMb = 8;

/**
 * Starts to load the function's module.
 * @throws Error if Node.js refuses to start a worker, as with unknown NODE_OPTIONS.
 */
export function startExecutionEnvironment(
  definition: FunctionDefinition,
  context: EnvironmentContext,
): ExecutionEnvironment {
  const { name: functionName, arn: functionArn, timeoutSeconds, role } = definition;
  const logStream = `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${randomUUID()}`;
  const ready = Promise.withResolvers<void>();
  let death: Failure | undefined;
  let isReady = false;
  let latestRequestId = "init";
  let open: { requestId: string; settle: (end: End) => void } | undefined;

  const accessKeyId = context.callers.issueKey({
    kind: "function",
    functionName,
    role,
    isFunction: (idOrName) => context.isFunction(definition, idOrName),
    invocation: () => open?.requestId ?? (isReady ? undefined : "init"),
    crash: () => die({ errorType: "Runtime.ExitError", errorMessage: "crashed by an injected fault" }),
  });
  const worker = new Worker(workerModule, {
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
  const initTimers = [
    setTimeout(() => log(slowInit), context.initLimitMs ?? lambdaInitMs),
    setTimeout(() => {
      die({ errorType: "Sandbox.Timedout", errorMessage: `INIT took longer than ${initPatienceMs / 1000} seconds` });
    }, initPatienceMs),
  ];
  function endInit(): void {
    for (const timer of initTimers) clearTimeout(timer);
    ready.resolve();
  }
  function end(failure: Failure): void {
    death = failure;
    context.callers.revokeKey(accessKeyId);
    open?.settle(failure);
    endInit();
    void worker.terminate();
  }
  function die(failure: Failure): void {
    if (death !== undefined) return;
    log(`${failure.errorType}: ${failure.errorMessage}`);
    end(failure);
  }

  worker.on("message", (message: Message) => {
    switch (message.type) {
      case "ready":
        isReady = true;
        endInit();
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
    ready: ready.promise,
    alive: () => death === undefined,
    async terminate() {
      end({ errorType: "Runtime.ExitError", errorMessage: "the local stack was stopped" });
      await exited;
    },
    async invoke(event, traceHeader) {
      const requestId = randomUUID();
      if (death !== undefined) return { status: "failed", requestId, ...death };
      latestRequestId = requestId;
      const peakHeap = context.measureHeap?.(worker);
      const startedAt = performance.now();
      const allowedSeconds = timeoutSeconds * timesLonger();
      const timer = setTimeout(() => {
        die({ errorType: "Sandbox.Timedout", errorMessage: timedOut(requestId, timeoutSeconds, allowedSeconds) });
      }, allowedSeconds * 1000);
      const { cpuMs = 0, ...ended } = await new Promise<End>((resolve) => {
        open = { requestId, settle: resolve };
        // A function that stops itself in time stops as early as on AWS.
        worker.postMessage({ requestId, event, traceHeader, deadline: Date.now() + timeoutSeconds * 1000 });
      });
      open = undefined;
      clearTimeout(timer);
      context.onInvocation?.(functionName, performance.now() - startedAt, cpuMs);
      const invocation = { requestId, maxHeapBytes: peakHeap?.() };
      return "payload" in ended
        ? { status: "succeeded", ...invocation, ...ended }
        : { status: "failed", ...invocation, ...ended };
    },
  };
}
