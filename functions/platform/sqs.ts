import { setTimeout as sleep } from "node:timers/promises";
import middy from "@middy/core";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { describe, logger } from "./logger.ts";
import { middyOptions } from "./middy-options.ts";

/** A processed record and its result. */
export interface Done<Message, Result> {
  record: SQSRecord;
  message: Message;
  result: Result;
}

export interface SqsFunctionOptions<Message, Result> {
  read: (record: SQSRecord) => Message;
  /** Processes one message. */
  work: (message: Message) => Promise<Result>;
  /** Completes processed records together. Returns those whose result could not be stored. */
  finish: (done: readonly Done<Message, Result>[]) => Promise<readonly Done<Message, Result>[]>;
  /** Whether an earlier attempt at the record may have crashed the process. */
  isSuspect?: (message: Message) => boolean;
}

/** How long processed records wait for slower ones, in milliseconds. */
const flushAfterMs = 1_000;

/** The remaining time that a suspect record needs to start, in milliseconds. A webhook takes 15 seconds at most. */
const suspectReserveMs = 20_000;

/**
 * A Lambda handler for a queue with `ReportBatchItemFailures`. The records of a batch are processed at once. Only
 * failed records, and those whose result could not be stored, return to the queue. It waits for everything that it
 * started.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 *
 * A batch with slow records is completed in two parts, so that slow records do not delay storing the other results.
 * Suspect records come last, one at a time: if one crashes the process again, no other record is affected.
 */
export function sqsFunction<Message, Result>(options: SqsFunctionOptions<Message, Result>) {
  return middy<SQSEvent, SQSBatchResponse>(middyOptions).handler(
    async ({ Records: records }: SQSEvent, context: Context) => {
      const failed = new Set<SQSRecord>();
      const fail = (record: SQSRecord, error: unknown) => {
        failed.add(record);
        logger.error("a message failed and returns to its queue", describe(error));
      };
      const messages = records.flatMap((record) => {
        try {
          return [{ record, message: options.read(record) }];
        } catch (error) {
          fail(record, error);
          return [];
        }
      });

      const done: Done<Message, Result>[] = [];
      const work = async ({ record, message }: { record: SQSRecord; message: Message }) => {
        try {
          done.push({ record, message, result: await options.work(message) });
        } catch (error) {
          fail(record, error);
        }
      };
      const finish = async () => {
        const part = done.splice(0);
        if (part.length === 0) return;
        try {
          for (const { record } of await options.finish(part))
            fail(record, new Error("its result could not be stored"));
        } catch (error) {
          for (const { record } of part) fail(record, error);
        }
      };

      const { suspects = [], fresh = [] } = Object.groupBy(messages, ({ message }) =>
        options.isSuspect?.(message) ? "suspects" : "fresh",
      );
      const working = Promise.all(fresh.map(work));
      await Promise.race([working, sleep(flushAfterMs, undefined, { ref: false })]);
      await Promise.all([finish(), working]);
      await finish();
      for (const suspect of suspects) {
        if (context.getRemainingTimeInMillis() < suspectReserveMs) {
          fail(suspect.record, new Error("not enough time is left"));
          continue;
        }
        await work(suspect);
        await finish();
      }
      return { batchItemFailures: [...failed].map(({ messageId }) => ({ itemIdentifier: messageId })) };
    },
  );
}
