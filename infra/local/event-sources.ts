import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { z } from "zod";
import { callAws, signedHeaders } from "./aws-client.ts";
import type { Callers } from "./callers.ts";
import { decide } from "./iam-policy.ts";
import type { LambdaFunction } from "./lambda.ts";
import { irrelevant } from "./parse-or-refuse.ts";
import { type Queue, queueUrl } from "./sqs.ts";
import { dealtWith, type Message, receivedSchema, sqsEvent } from "./sqs-records.ts";
import type { StackResources } from "./stack-resources.ts";
import { StartUpError } from "./startup-error.ts";

// Filters, destinations and provisioned pollers are unknown keys, and refused.
const mappingSchema = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number().int().default(10),
  MaximumBatchingWindowInSeconds: z.number().int().default(0),
  FunctionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: z.number().int().optional() }).default({}),
  Enabled: z.boolean().default(true),
  Tags: irrelevant,
});

type Mapping = z.infer<typeof mappingSchema>;

export interface EventSources {
  /** Ends the polling; batches that are being handled have a second to end. */
  stop(): Promise<void>;
}

const graceMs = 1000;

/**
 * Starts a poller for every enabled event source mapping. It calls SQS with the function's role.
 * @throws StartUpError for what AWS would refuse on creation: missing rights, a visibility timeout shorter than the
 *   function's, a batch above 10 without a window; and for settings that are not modelled.
 */
export function startEventSources(
  stack: StackResources,
  functions: readonly LambdaFunction[],
  queues: readonly Queue[],
  callers: Callers,
): EventSources {
  const pool = new Pool(stack.place.frontDoorUrl);
  const stopping = new AbortController();
  const pollers = stack.ofType("AWS::Lambda::EventSourceMapping", mappingSchema).flatMap(({ id, properties }) => {
    if (!properties.Enabled) return [];
    const queue = queues.find(({ arn }) => arn === properties.EventSourceArn);
    const fn = functions.find(({ arn, name }) => [arn, name].includes(properties.FunctionName));
    if (queue === undefined || fn === undefined)
      throw new StartUpError(`${id}: its queue or function is not in the stack`);
    checkAsAws(id, properties, queue, fn);
    const accessKeyId = callers.admit({
      kind: "event source",
      functionName: fn.name,
      role: fn.role,
      isFunction: () => false,
    });
    const call = (action: string, input: object) =>
      callAws(
        async (target, body, signal) => {
          const headers = signedHeaders(target, accessKeyId, stack.place.region);
          const response = await pool.request({ method: "POST", path: "/", headers, body, signal: signal ?? null });
          return { status: response.statusCode, headers: {}, body: Buffer.from(await response.body.arrayBuffer()) };
        },
        `AmazonSQS.${action}`,
        { QueueUrl: queueUrl(queue.name, stack.place), ...input },
        action === "ReceiveMessage" ? stopping.signal : undefined,
      );
    return [poll(properties, queue, fn, stack.place.region, call, stopping.signal)];
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.race([Promise.all(pollers), sleep(graceMs, undefined, { ref: false })]);
      await pool.destroy();
    },
  };
}

function checkAsAws(id: string, mapping: Mapping, queue: Queue, fn: LambdaFunction): void {
  const { VisibilityTimeout } = queue.properties;
  if (VisibilityTimeout < fn.timeoutSeconds) {
    const times = `${VisibilityTimeout} seconds is less than the function timeout of ${fn.timeoutSeconds} seconds`;
    throw new StartUpError(`${id}: the queue's visibility timeout of ${times}`);
  }
  if (mapping.BatchSize > 10 && mapping.MaximumBatchingWindowInSeconds < 1) {
    throw new StartUpError(`${id}: a batch size above 10 needs a batching window of at least one second`);
  }
  for (const action of ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]) {
    if (decide(fn.role.statements, { action, resource: queue.arn }) === "allow") continue;
    throw new StartUpError(`${id}: the role ${fn.role.name} may not call ${action} on ${queue.name}`);
  }
}

/** Receives until stopped; hands batches over, as many at a time as the mapping allows. */
async function poll(
  mapping: Mapping,
  queue: Queue,
  fn: LambdaFunction,
  region: string,
  call: (action: string, input: object) => Promise<unknown>,
  stopping: AbortSignal,
): Promise<void> {
  const concurrency = mapping.ScalingConfig.MaximumConcurrency ?? fn.concurrency;
  const inFlight = new Set<Promise<void>>();
  const windowMs = mapping.MaximumBatchingWindowInSeconds * 1000;

  async function receive(upTo: number, waitSeconds: number): Promise<Message[]> {
    const input = {
      MaxNumberOfMessages: Math.min(10, upTo),
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ["All"],
      MessageAttributeNames: ["All"],
    };
    return receivedSchema.parse(await call("ReceiveMessage", input)).Messages;
  }

  async function collect(): Promise<Message[]> {
    const messages = await receive(mapping.BatchSize, 20);
    const until = Date.now() + windowMs;
    while (messages.length > 0 && messages.length < mapping.BatchSize) {
      const left = until - Date.now();
      if (left <= 0) break;
      // A fraction of a second is not to be had at SQS; the emulator waits for it all the same.
      messages.push(...(await receive(mapping.BatchSize - messages.length, Math.min(20, left / 1000))));
    }
    return messages;
  }

  async function handle(messages: readonly Message[]): Promise<void> {
    const outcome = await fn.invoke(sqsEvent(messages, queue.arn, region));
    // Whatever is not deleted turns visible again when its visibility timeout ends.
    if (outcome.status !== "succeeded") return;
    const reports = mapping.FunctionResponseTypes.includes("ReportBatchItemFailures");
    const done = reports ? dealtWith(messages, outcome.payload) : messages;
    for (let from = 0; from < done.length; from += 10) {
      const Entries = done.slice(from, from + 10).map(({ ReceiptHandle }, i) => ({ Id: `m${i}`, ReceiptHandle }));
      await call("DeleteMessageBatch", { Entries });
    }
  }

  while (!stopping.aborted) {
    try {
      const messages = await collect();
      if (messages.length === 0) continue;
      const handling = handle(messages)
        .catch(() => {})
        .finally(() => inFlight.delete(handling));
      inFlight.add(handling);
      if (inFlight.size >= concurrency) await Promise.race(inFlight);
    } catch {
      await sleep(200, undefined, { signal: stopping }).catch(() => {});
    }
  }
  await Promise.all(inFlight);
}
