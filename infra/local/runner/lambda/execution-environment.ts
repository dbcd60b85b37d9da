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
  /** The most that the heap was seen to hold meanwhile, in bytes; `undefined` if it ended before anyone looked. */
  readonly maxHeapBytes?: number | undefined;
};

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly functionName: string;
  /** Of the invocation during (or, for stray output, after) which it was written. */
  readonly requestId: string;
  readonly line: string;
}

/** One execution environment of a function: a worker thread that handles one invocation at a time. */
export interface LambdaInstance {
  /** The worker is loading on the first call; the module's own errors fail that call. */
  invoke(event: string, traceHeader: string): Promise<Invocation>;
  alive(): boolean;
  terminate(): Promise<void>;
}

export interface InstanceSurroundings {
  readonly region: string;
  readonly endpointUrl: string;
  readonly callers: Callers;
  readonly isFunction: (definition: FunctionDefinition, idOrName: string) => boolean;
  readonly onLog: (line: LogLine) => void;
  /** Begins to measure a worker's heap; the function returned ends it and gives the peak in bytes, if there was a sample. */
  readonly measureHeap?: ((worker: Worker) => () => number | undefined) | undefined;
}

type Message =
  | { type: "ready" }
  | { type: "log"; line: string }
  | { type: "result"; payload: string }
  | { type: "failure"; errorType: string; errorMessage: string };

type Failure = { readonly errorType: string; readonly errorMessage: string };

/** AWS Lambda: the init phase may take 10 seconds. */
const initLimitSeconds = 10;

export function startInstance(definition: FunctionDefinition, surroundings: InstanceSurroundings): LambdaInstance {
  const { name: functionName, arn: functionArn, timeoutSeconds, role } = definition;
  const logStream = `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${randomUUID()}`;
  let alive = true;
  let ready = false;
  let latestRequestId = "init";
  let open: { requestId: string; settle: (end: { payload: string } | Failure) => void } | undefined;
  let whenReady: (() => void) | undefined;

  const accessKeyId = surroundings.callers.admit({
    kind: "function",
    functionName,
    role,
    isFunction: (idOrName) => surroundings.isFunction(definition, idOrName),
    invocation: () => open?.requestId ?? (ready ? undefined : "init"),
    crash: () => die({ errorType: "Runtime.ExitError", errorMessage: "crashed by an injected fault" }),
  });
  const worker = new Worker(new URL("./execution-environment-worker.ts", import.meta.url), {
    env: functionEnvironment(definition, { ...surroundings, accessKeyId, logStream }),
    execArgv: [],
    workerData: {
      ...{ moduleFile: definition.moduleFile, exportName: definition.exportName, functionName, functionArn, logStream },
      ...{ memorySize: String(definition.memorySize), logGroup: definition.logGroup },
    },
    resourceLimits: { maxOldGenerationSizeMb: definition.memorySize },
  });
  const exited = new Promise<void>((resolve) => worker.once("exit", () => resolve()));

  const log = (line: string) => surroundings.onLog({ at: Date.now(), functionName, requestId: latestRequestId, line });

  function die(failure: Failure): void {
    if (!alive) return;
    alive = false;
    surroundings.callers.dismiss(accessKeyId);
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
        open?.settle({ payload: message.payload });
        break;
      case "failure":
        open?.settle({ errorType: message.errorType, errorMessage: message.errorMessage });
        break;
    }
  });
  // An error that nobody caught, an unhandled rejection included, ends the process on Lambda, and the thread here.
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
      surroundings.callers.dismiss(accessKeyId);
      open?.settle({ errorType: "Runtime.ExitError", errorMessage: "the local stack was stopped" });
      void worker.terminate();
      await exited;
    },
    async invoke(event, traceHeader) {
      const requestId = randomUUID();
      latestRequestId = requestId;
      let timer: NodeJS.Timeout | undefined;
      const expireAfter = (seconds: number) => {
        const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
        clearTimeout(timer);
        timer = setTimeout(() => die({ errorType: "Sandbox.Timedout", errorMessage }), seconds * 1000);
      };
      const peakHeap = surroundings.measureHeap?.(worker);
      const end = await new Promise<{ payload: string } | Failure>((resolve) => {
        open = { requestId, settle: resolve };
        const start = () => {
          expireAfter(timeoutSeconds);
          worker.postMessage({ requestId, event, traceHeader, deadline: Date.now() + timeoutSeconds * 1000 });
        };
        whenReady = start;
        if (ready) start();
        else expireAfter(initLimitSeconds);
      });
      open = undefined;
      clearTimeout(timer);
      const ended = { requestId, maxHeapBytes: peakHeap?.() };
      return "payload" in end ? { status: "succeeded", ...ended, ...end } : { status: "failed", ...ended, ...end };
    },
  };
}
