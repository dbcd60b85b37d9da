import { setTimeout as sleep } from "node:timers/promises";
import type { LambdaFunction } from "../lambda/lambda-function.ts";
import type { MessageTraces } from "../services/message-traces.ts";
import type { Queue } from "../services/queues.ts";
import { dealtWith, type Message, receivedSchema, sqsEvent } from "./sqs-records.ts";

/** How an event source mapping makes batches of messages. */
export interface Batching {
  readonly BatchSize: number;
  readonly MaximumBatchingWindowInSeconds: number;
  readonly FunctionResponseTypes: readonly string[];
  readonly ScalingConfig: { readonly MaximumConcurrency?: number | undefined };
}

/**
 * Receives until stopped; hands batches over, as many at a time as the mapping allows.
 * @param surroundings `call` makes SQS calls on the queue, as the function's role; `traces` has the trace headers of
 * messages;
 *   `onLoop` hears of batches that Lambda would not hand over any more.
 */
export async function pollQueue(
  mapping: Batching,
  queue: Queue,
  fn: LambdaFunction,
  surroundings: {
    readonly region: string;
    readonly call: (action: string, input: object) => Promise<unknown>;
    readonly traces: MessageTraces;
    readonly onLoop: (message: string) => void;
  },
  stopping: AbortSignal,
): Promise<void> {
  const { region, call, traces, onLoop } = surroundings;
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
    const causes = messages.map(({ MessageId }) => traces.of(MessageId));
    const outcome = await fn.invoke(sqsEvent(messages, queue.arn, region), causes);
    if (outcome.status === "recursive loop") {
      onLoop(
        `${fn.name} got messages from ${queue.name} in a recursive loop: Lambda stops the chain after 16 invocations`,
      );
    }
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
