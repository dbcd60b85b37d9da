import middy from "@middy/core";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { describe, logger } from "./logger.ts";

interface Done<Result> {
  record: SQSRecord;
  result: Result;
}

/** How long records that are done wait for those that are not, in milliseconds. */
const patienceMs = 1_000;

/**
 * A Lambda handler for a queue with `ReportBatchItemFailures`: every record of a batch is worked on at once, and only
 * those that failed come back to the queue.
 *
 * @param work does one record; what it throws puts that record back
 * @param finish does what a batch shares, after its records; what it throws puts all of them back. A batch of which some
 *   take long is finished in two parts, so that the slowest do not keep the others' outcome from being known.
 */
export function sqsFunction<Result>(
  work: (record: SQSRecord) => Promise<Result>,
  finish: (done: Done<Result>[]) => Promise<void>,
) {
  return middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records: records }: SQSEvent) => {
    const done: Done<Result>[] = [];
    const failed: SQSRecord[] = [];
    const working = Promise.all(
      records.map(async (record) => {
        try {
          done.push({ record, result: await work(record) });
        } catch (error) {
          failed.push(record);
          logger.error("a message goes back to its queue", describe(error));
        }
      }),
    );
    const finishDone = async () => {
      const part = done.splice(0);
      if (part.length > 0) await finish(part);
    };
    await Promise.all([firstOf(working).then(finishDone), working]);
    await finishDone();
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
}

/** Settles with the work, or when patience ends. */
function firstOf(working: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const patience = setTimeout(resolve, patienceMs);
    working.finally(() => {
      clearTimeout(patience);
      resolve();
    });
  });
}
