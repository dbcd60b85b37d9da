import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

// One execution environment of a function. It loads the bundled module, then handles one invocation at a time.
const { moduleFile, exportName, functionName, functionArn, memorySize, logGroup, logStream } = workerData as {
  moduleFile: string;
  exportName: string;
  functionName: string;
  functionArn: string;
  memorySize: string;
  logGroup: string;
  logStream: string;
};

const post = (message: object) => parentPort?.postMessage(message);

// Log lines use the same port as results, so each line arrives before its invocation's result.
for (const stream of [process.stdout, process.stderr]) {
  let partial = "";
  stream.write = ((chunk: string | Uint8Array) => {
    const lines = `${partial}${typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8")}`.split("\n");
    partial = lines.pop() ?? "";
    for (const line of lines) post({ type: "log", line });
    return true;
  }) as typeof stream.write;
}

const module: Record<string, unknown> = await import(pathToFileURL(moduleFile).href);
const handler = module[exportName];
if (typeof handler !== "function") {
  throw Object.assign(new Error(`${exportName} is not exported by ${moduleFile}`), { name: "Runtime.HandlerNotFound" });
}

interface InvokeMessage {
  requestId: string;
  event: string;
  traceHeader: string;
  deadline: number;
}

parentPort?.on("message", async ({ requestId, event, traceHeader, deadline }: InvokeMessage) => {
  process.env._X_AMZN_TRACE_ID = traceHeader;
  const context = {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: functionArn,
    logGroupName: logGroup,
    logStreamName: logStream,
    memoryLimitInMB: memorySize,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  const before = process.threadCpuUsage();
  const cpuMs = () => {
    const { user, system } = process.threadCpuUsage(before);
    return (user + system) / 1_000;
  };
  try {
    const payload = JSON.stringify(await handler(JSON.parse(event), context)) ?? "null";
    post({ type: "result", payload, cpuMs: cpuMs() });
  } catch (error) {
    const { name, message: text, stack = "" } = error instanceof Error ? error : new Error(String(error));
    const report = { errorType: name, errorMessage: text, trace: stack.split("\n") };
    post({ type: "log", line: JSON.stringify({ level: "ERROR", requestId, message: "Invoke Error", ...report }) });
    post({ type: "failure", errorType: name, errorMessage: text, cpuMs: cpuMs() });
  }
});

post({ type: "ready" });
