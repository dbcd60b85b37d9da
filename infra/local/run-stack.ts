import { writeFileSync } from "node:fs";
import { openFunctionLog } from "./function-log.ts";
import { reachKard, startLocalSandbox } from "./local-kard.ts";
import { type LocalOutputs, startLocalTracker } from "./local-tracker.ts";
import { contextOfOptions, type StartOptions } from "./start-options.ts";

const organizationId = "organization-123";
const outputsFile = ".local/outputs.json";
const logFile = ".local/functions.log";

/** The sandbox starts and closes audits automatically, so you see events without further calls. */
const progress = { startAfterMs: 10_000, closeAfterMs: 30_000 };

/** Saves most of the CPU time of a stack that is left open. */
const whenIdle = { afterMs: 60_000, oneTurnIn: 5 };

/** Runs `npm start` with these options until SIGINT or SIGTERM. */
export async function runStack(options: StartOptions): Promise<void> {
  const dataDir = options.data === "memory" ? undefined : options.data;
  console.log("Synthesizing the CDK app and starting its template on this machine …");
  const kard =
    options.kard === undefined
      ? await startLocalSandbox({ dataDir, organizationId, progress })
      : await reachKard(options.kard.replace(/\/+$/, ""));
  const log = openFunctionLog(logFile, console.log);
  const tracker = await startLocalTracker({
    kard,
    organizationId,
    port: options.port,
    dataDir,
    tickSeconds: options.tick,
    whenIdle,
    context: contextOfOptions(options),
    onLog: log.take,
  }).catch(async (error: unknown) => {
    await kard.sandbox?.stop();
    throw error;
  });

  writeFileSync(outputsFile, `${JSON.stringify(tracker.outputs, null, 2)}\n`, { mode: 0o600 });
  console.log(welcome(tracker.outputs));
  const watching = options.watch
    ? (await import("./watch/watch-functions.ts")).watchFunctions(tracker.stack, printWithTime)
    : undefined;

  let stopping = false;
  const stop = async () => {
    if (stopping) return;
    stopping = true;
    watching?.stop();
    await tracker.stop();
    await kard.sandbox?.stop();
    log.close();
    process.exit(0);
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

function printWithTime(line: string): void {
  console.log(`${new Date().toTimeString().slice(0, 8)} ${line}`);
}

function welcome({
  ApiUrl,
  ConsoleUrl,
  ApiKey,
  KardUrl,
  ResolutionsQueueUrl,
  SqsEndpoint,
  OrganizationId,
}: LocalOutputs): string {
  return `
  API          ${ApiUrl}
  API key      ${ApiKey}
  Console      ${ConsoleUrl}#key=${ApiKey}
  Kard         ${KardUrl}
  Resolutions  ${ResolutionsQueueUrl}
               (any SQS client with endpoint ${SqsEndpoint}, region us-east-1, access key id "local")

All of this is in ${outputsFile}, and the functions' logs are in ${logFile}. File a first audit:

  curl -X POST ${ApiUrl}/v2/issuers/${OrganizationId}/users/user-123/audits \\
    -H "Authorization: Bearer ${ApiKey}" \\
    -H "Content-Type: application/json" \\
    -d '{"data":[{"type":"audit","attributes":{"auditCode":8001,"merchantName":"Caribbean Goodness",
         "auditDescription":"duplicate transaction","transactionId":"issuerTransaction123"}}]}'

Stop with Ctrl-C.
`;
}
