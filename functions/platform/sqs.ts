import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { describe, logger } from "./logger.ts";

/**
 * A Lambda handler for a queue with `ReportBatchItemFailures`: every record of a batch is worked on at once, and only
 * those that failed come back to the queue.
 *
 * @param work does one record; what it throws puts that record back
 * @param finish does what the whole batch shares, after its records; what it throws puts all of them back
 */
export function sqsFunction<Result>(
  work: (record: SQSRecord) => Promise<Result>,
  finish: (done: { record: SQSRecord; result: Result }[]) => Promise<void>,
) {
  return middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records: records }: SQSEvent) => {
    const outcomes = await Promise.allSettled(records.map(async (record) => ({ record, result: await work(record) })));
    const done = outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    const failed = records.filter((_, index) => outcomes[index]?.status === "rejected");
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") logger.error("a message goes back to its queue", describe(outcome.reason));
    }
    await finish(done);
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
}
