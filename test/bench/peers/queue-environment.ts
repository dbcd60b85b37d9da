import { openSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { queueCalls } from "./queue-calls.ts";

/**
 * An execution environment with Lambda's event source in front of it: it receives ten messages, invokes the function,
 * and deletes them, until the queue is empty. It answers with the time of each message, from the invocation with it to
 * its stored outcome.
 */
const { moduleFile, queueUrl } = workerData as { moduleFile: string; queueUrl: string };

const nowhere = openSync("/dev/null", "w");
for (const stream of [process.stdout, process.stderr]) {
  stream.write = ((chunk: string) => writeSync(nowhere, chunk) >= 0) as typeof stream.write;
}

const { handler } = (await import(pathToFileURL(moduleFile).href)) as {
  handler: (event: object, context: object) => Promise<{ batchItemFailures: unknown[] }>;
};
const context = { awsRequestId: "bench", getRemainingTimeInMillis: () => 60_000 };
const queue = queueCalls(queueUrl);

parentPort?.on("message", async () => {
  const eachMs: number[] = [];
  for (let messages = await queue.receive(); messages.length > 0; messages = await queue.receive()) {
    const Records = messages.map(({ MessageId, Body, ReceiptHandle, Attributes }) => {
      return { messageId: MessageId, body: Body, receiptHandle: ReceiptHandle, attributes: Attributes };
    });
    const startedAt = performance.now();
    const { batchItemFailures } = await handler({ Records }, context);
    const ms = performance.now() - startedAt;
    if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} messages failed`);
    await queue.remove(messages);
    for (const _ of messages) eachMs.push(ms);
  }
  parentPort?.postMessage(eachMs);
});
