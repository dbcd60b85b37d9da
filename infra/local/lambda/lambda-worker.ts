import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

// One execution environment of a function: it loads the bundled module, then handles one invocation at a time.
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

// Through the port that results use, so that every line arrives before the result of its invocation.
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

parentPort?.on("message", async (message: { requestId: string; event: string; deadline: number }) => {
  const { requestId, event, deadline } = message;
  const traceId = `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${requestId.replaceAll("-", "").slice(0, 24)};Sampled=0`;
  process.env._X_AMZN_TRACE_ID = traceId;
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
  try {
    const payload = JSON.stringify(await handler(JSON.parse(event), context)) ?? "null";
    post({ type: "result", payload });
  } catch (error) {
    const { name, message: text, stack = "" } = error instanceof Error ? error : new Error(String(error));
    const report = { errorType: name, errorMessage: text, trace: stack.split("\n") };
    post({ type: "log", line: JSON.stringify({ level: "ERROR", requestId, message: "Invoke Error", ...report }) });
    post({ type: "failure", errorType: name, errorMessage: text });
  }
});

post({ type: "ready" });
