import { setTimeout as sleep } from "node:timers/promises";
import middy from "@middy/core";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { describe, logger } from "./logger.ts";

/** A record whose work is done, and what came of it. */
export interface Done<Message, Result> {
  record: SQSRecord;
  message: Message;
  result: Result;
}

export interface SqsFunctionOptions<Message, Result> {
  /** Parses a record. */
  read: (record: SQSRecord) => Message;
  /** Does one record. */
  work: (message: Message) => Promise<Result>;
  /** Does what a batch shares, after its records; gives those whose result could not be kept. */
  finish: (done: readonly Done<Message, Result>[]) => Promise<readonly Done<Message, Result>[]>;
  /** Whether a record may have ended the process that worked on it before. */
  isSuspect?: (message: Message) => boolean;
}

/** How long records that are done wait for those that are not, in milliseconds. */
const flushAfterMs = 1_000;

/**
 * A suspect is begun only if so much of the invocation is left, in milliseconds: a webhook takes 15 seconds at most.
 */
const suspectReserveMs = 20_000;

/**
 * A Lambda handler for a queue with `ReportBatchItemFailures`: the records of a batch are worked on at once, and only
 * those go back to the queue that failed, or whose result could not be kept. Whatever was begun is waited for.
 *
 * A batch of which some take long is finished in two parts, so that the slowest do not keep the others' results from
 * being kept. Suspects come last, one at a time, each finished before the next begins: if one ends the process again,
 * it takes no other record with it.
 */
export function sqsFunction<Message, Result>(options: SqsFunctionOptions<Message, Result>) {
  return middy<SQSEvent, SQSBatchResponse>().handler(async ({ Records: records }: SQSEvent, context: Context) => {
    const failed = new Set<SQSRecord>();
    const fail = (record: SQSRecord, error: unknown) => {
      failed.add(record);
      logger.error("a message goes back to its queue", describe(error));
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
        for (const { record } of await options.finish(part)) fail(record, new Error("its result could not be kept"));
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
        fail(suspect.record, new Error("no time is left for it"));
        continue;
      }
      await work(suspect);
      await finish();
    }
    return { batchItemFailures: [...failed].map(({ messageId }) => ({ itemIdentifier: messageId })) };
  });
}
