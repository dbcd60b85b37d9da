import { setTimeout as sleep } from "node:timers/promises";
import type { LambdaFunction } from "../lambda/lambda-function.ts";
import type { MessageTraces } from "../services/message-traces.ts";
import type { Queue } from "../services/queues.ts";
import { type Message, receivedSchema, sqsEvent, succeededMessages } from "./sqs-records.ts";

/** The batching settings of an event source mapping. */
export interface Batching {
  readonly BatchSize: number;
  readonly MaximumBatchingWindowInSeconds: number;
  readonly FunctionResponseTypes: readonly string[];
  readonly ScalingConfig: { readonly MaximumConcurrency?: number | undefined };
}

/**
 * Receives messages until stopped and invokes the function with batches, as many at a time as the mapping allows.
 * @param context `call` calls SQS with the function's role. `traces` has the messages' trace headers. `onLoop`
 *   receives batches that Lambda would drop as a recursive loop.
 */
export async function pollQueue(
  mapping: Batching,
  queue: Queue,
  fn: LambdaFunction,
  context: {
    readonly region: string;
    readonly call: (action: string, input: object) => Promise<unknown>;
    readonly traces: MessageTraces;
    readonly onLoop: (message: string) => void;
  },
  stopping: AbortSignal,
): Promise<void> {
  const { region, call, traces, onLoop } = context;
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
      // SQS accepts whole seconds only; the emulator accepts fractions too.
      messages.push(...(await receive(mapping.BatchSize - messages.length, Math.min(20, left / 1000))));
    }
    return messages;
  }

  async function handle(messages: readonly Message[]): Promise<void> {
    const causes = messages.map(({ MessageId }) => traces.of(MessageId));
    const outcome = await fn.invoke(sqsEvent(messages, queue.arn, region), causes);
    if (outcome.status === "recursive loop") {
      onLoop(
        `${fn.name} got messages from ${queue.name} in a recursive loop: Lambda stops the chain after 16 invocations`,
      );
    }
    // Messages that are not deleted become visible again after their visibility timeout.
    if (outcome.status !== "succeeded") return;
    const reports = mapping.FunctionResponseTypes.includes("ReportBatchItemFailures");
    const done = reports ? succeededMessages(messages, outcome.payload) : messages;
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
