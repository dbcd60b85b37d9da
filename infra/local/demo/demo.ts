import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { SingleBar } from "cli-progress";
import pMap from "p-map";
import { escapeControls } from "../../../functions/core/shared/text.ts";
import { startLocalSandbox } from "../local-kard.ts";
import { startLocalTracker } from "../local-tracker.ts";
import { StartUpError } from "../runner/template/start-up-error.ts";
import { describeJourneys } from "./describe-journeys.ts";
import { type Dispute, readDisputes } from "./disputes.ts";
import { describeFigures } from "./figures.ts";
import { issuerOf } from "./issuer.ts";
import { describeMissing, isComplete, type Journey } from "./journeys.ts";
import { type ReceivedEvent, receiveFromQueue, receiveFromTopic, receiveWebhooks } from "./receivers.ts";

const { values: options, positionals } = readArguments();
const file = positionals[0] ?? "examples/disputes.csv";
const organizationId = "meridian-bank";
/**
 * Within five seconds, a second push about an audit waits for the poller. The first pushes are handled late, because
 * their function has to start.
 */
const progress = { startAfterMs: 1_000, closeAfterMs: 8_500 };
const timeoutMs = 60_000;

const journeys: Journey[] = readOrExit(file).map((dispute) => ({ dispute }));
const invalidWebhooks: string[] = [];
const byAuditId = new Map<string, Journey>();
const early: (() => void)[] = [];

console.log("Synthesizing the CDK app and starting its template on this machine …");
const bootAt = Date.now();
const kard = await startLocalSandbox({ dataDir: undefined, organizationId, progress });
const errors: string[] = [];
const tracker = await startLocalTracker({
  ...{ kard, organizationId, port: 0, dataDir: undefined, tickSeconds: 1 },
  onLog: ({ functionName, line }) => {
    if (/"level":"(ERROR|WARN)"/.test(line)) errors.push(`${functionName} ${line}`);
  },
});
console.log(`Ready after ${((Date.now() - bootAt) / 1_000).toFixed(1)} s: ${tracker.outputs.ApiUrl}\n`);

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: { keep: { type: "boolean", default: false } } });
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\nUsage: npm run demo -- [FILE] [--keep]`);
    process.exit(2);
  }
}

function readOrExit(file: string): Dispute[] {
  try {
    return readDisputes(file);
  } catch (error) {
    if (!(error instanceof StartUpError)) throw error;
    console.error(escapeControls(`Cannot start: ${error.message}`));
    process.exit(1);
  }
}

/** An event can arrive before the response to the call that filed its audit. */
function onceKnown(auditId: string, note: (journey: Journey) => void): void {
  const journey = byAuditId.get(auditId);
  if (journey !== undefined) note(journey);
  else early.push(() => onceKnown(auditId, note));
}

function onWebhook({ type, data }: ReceivedEvent, at: number): void {
  onceKnown(data.id, (journey) => {
    if (type === "audit.in_progress") journey.startedAt ??= at;
    if (type !== "audit.closed") return;
    journey.webhookAt ??= at;
    noteClosing(journey, data);
  });
}

function onResolution({ data }: ReceivedEvent, at: number): void {
  onceKnown(data.id, (journey) => {
    journey.queueAt ??= at;
    noteClosing(journey, data);
  });
}

function noteClosing(journey: Journey, { attributes }: ReceivedEvent["data"]): void {
  journey.resolution = [attributes.resolutionCode ?? "", attributes.resolutionDescription ?? ""].join(" ").trim();
  const atKard = kard.sandbox?.audits().find(({ id }) => id === attributes.kardAuditId);
  if (typeof atKard?.closedAt === "number") journey.closedByKardAt = atKard.closedAt;
}

const webhooks = await receiveWebhooks(onWebhook, (reason) => invalidWebhooks.push(reason));
const issuer = issuerOf(tracker.outputs);
webhooks.verifyWith(await issuer.subscribe(webhooks.url));
const resolutions = receiveFromQueue(tracker.outputs, tracker.outputs.ResolutionsQueueUrl, onResolution);
const topic = await receiveFromTopic(tracker.outputs);

const bar = new SingleBar({
  format: "{bar} {value}/{total} resolved and delivered   filed {filed}   in progress {started}   closed {closed}",
  noTTYOutput: true,
  notTTYSchedule: 2_000,
});
const counts = () => ({
  filed: byAuditId.size,
  started: journeys.filter(({ startedAt }) => startedAt !== undefined).length,
  closed: kard.sandbox?.audits().filter(({ status }) => status === "CLOSED").length ?? 0,
});
bar.start(journeys.length, 0, counts());
const drawing = setInterval(() => bar.update(journeys.filter(isComplete).length, counts()), 200);

await pMap(
  journeys,
  async (journey) => {
    try {
      journey.auditId = await issuer.file(journey.dispute);
      byAuditId.set(journey.auditId, journey);
    } catch (error) {
      journey.refusal = error instanceof Error ? error.message : String(error);
    }
    for (const note of early.splice(0)) note();
  },
  { concurrency: 4 },
);

const isOver = (journey: Journey) => journey.refusal !== undefined || isComplete(journey);
const deadline = Date.now() + timeoutMs;
const isAtTopic = ({ auditId = "" }: Journey) => topic.closed.has(auditId);
const isAllOver = () => journeys.every((journey) => isOver(journey) && (!isComplete(journey) || isAtTopic(journey)));
while (!isAllOver() && Date.now() < deadline) await sleep(50);
clearInterval(drawing);
bar.update(journeys.filter(isComplete).length, counts());
bar.stop();

for (const line of describeJourneys(journeys)) console.log(line);
console.log(describeFigures(await issuer.figures()));
console.log(
  `${topic.closed.size} of ${journeys.length} resolutions also at the SNS topic, in a queue that subscribed to it`,
);
const { violations, calls } = tracker.stack;
console.log(`${calls.length} AWS calls, ${violations.length} denied by the template's policies`);

if (options.keep) {
  const { ConsoleUrl, ApiKey } = tracker.outputs;
  console.log(`\nThe stack keeps running. Stop it with Ctrl-C.\n\n  Console  ${ConsoleUrl}#key=${ApiKey}\n`);
  await new Promise((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
}

await Promise.all([resolutions.stop(), topic.stop()]);
webhooks.stop();
await tracker.stop();
await kard.sandbox?.stop();

const failures = [
  ...journeys
    .filter((journey) => !isComplete(journey))
    .map((journey) => `${journey.dispute.transactionId} ${describeMissing(journey)}`),
  ...journeys
    .filter((journey) => isComplete(journey) && !isAtTopic(journey))
    .map((journey) => `${journey.dispute.transactionId} did not reach the topic`),
  ...invalidWebhooks.map((reason) => `a webhook's signature is invalid: ${reason}`),
  ...violations.map((violation) => `violation: ${JSON.stringify(violation)}`),
  ...errors,
];
for (const failure of failures) console.error(escapeControls(failure));
if (failures.length === 0) console.log(`All ${journeys.length} disputes were resolved, published and delivered.`);
process.exitCode = failures.length === 0 ? 0 : 1;
