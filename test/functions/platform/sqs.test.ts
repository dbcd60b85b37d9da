import { beforeEach, describe, expect, jest, test } from "@jest/globals";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { logger } from "../../../functions/platform/logger.ts";
import { type SqsFunctionOptions, sqsFunction } from "../../../functions/platform/sqs.ts";

const logged = jest.spyOn(logger, "error");
beforeEach(() => void logged.mockReset());

function anEvent(...bodies: string[]): SQSEvent {
  return { Records: bodies.map((body, n) => ({ messageId: `message-${n}`, body }) as SQSRecord) };
}

const context = (remainingMs = 60_000) => ({ getRemainingTimeInMillis: () => remainingMs }) as Context;
const back = (...numbers: number[]) => ({
  batchItemFailures: numbers.map((n) => ({ itemIdentifier: `message-${n}` })),
});

/** A function whose messages are their bodies. `finished` has the finished messages of each part. */
function aFunction(options: Partial<SqsFunctionOptions<string, string>> = {}) {
  const finished: string[][] = [];
  const handler = sqsFunction<string, string>({
    read: ({ body }) => body,
    async work(body) {
      if (body === "poison") throw new Error("poison");
      return body.toUpperCase();
    },
    async finish(done) {
      finished.push(done.map(({ result }) => result));
      return [];
    },
    ...options,
  });
  return { handler, finished };
}

test("a successful batch returns no message to the queue", async () => {
  const { handler, finished } = aFunction();
  expect(await handler(anEvent("a", "b"), context())).toEqual(back());
  expect(finished).toEqual([["A", "B"]]);
});

test("only failed messages return, and the rest is finished", async () => {
  const { handler, finished } = aFunction();
  expect(await handler(anEvent("a", "poison", "b"), context())).toEqual(back(1));
  expect(finished).toEqual([["A", "B"]]);
  expect(logged).toHaveBeenCalledTimes(1);
});

test("a malformed message returns alone", async () => {
  const { handler, finished } = aFunction({
    read({ body }) {
      return JSON.parse(body);
    },
  });
  expect(await handler(anEvent('"a"', "{", '"b"'), context())).toEqual(back(1));
  expect(finished).toEqual([["A", "B"]]);
});

test("the unfinished part of a batch returns", async () => {
  const { handler } = aFunction({ finish: async (done) => done.filter(({ result }) => result === "B") });
  expect(await handler(anEvent("a", "b", "c"), context())).toEqual(back(1));
});

test("a batch that cannot be finished returns", async () => {
  const { handler } = aFunction({
    async finish() {
      throw new Error("the table is gone");
    },
  });
  expect(await handler(anEvent("a", "b"), context())).toEqual(back(0, 1));
});

test("work in progress is awaited and finished even if finishing others fails", async () => {
  const slow = Promise.withResolvers<void>();
  const finished: string[] = [];
  const { handler } = aFunction({
    async work(body) {
      if (body === "slow") await slow.promise;
      return body;
    },
    async finish(done) {
      if (done.length === 2) {
        slow.resolve();
        throw new Error("the table is gone");
      }
      finished.push(...done.map(({ result }) => result));
      return [];
    },
  });
  expect(await handler(anEvent("a", "slow", "b"), context())).toEqual(back(0, 2));
  expect(finished).toEqual(["slow"]);
});

test("the messages of a batch are processed at once", async () => {
  const waiting: (() => void)[] = [];
  const { handler } = aFunction({
    work: (body) =>
      new Promise((resolve) => {
        waiting.push(() => resolve(body));
        if (waiting.length === 3) for (const go of waiting) go();
      }),
  });
  expect(await handler(anEvent("a", "b", "c"), context())).toEqual(back());
});

test("a slow message does not delay storing the others' results", async () => {
  const slow = Promise.withResolvers<void>();
  const finished: string[][] = [];
  const { handler } = aFunction({
    async work(body) {
      if (body === "slow") await slow.promise;
      return body;
    },
    async finish(done) {
      finished.push(done.map(({ result }) => result));
      slow.resolve();
      return [];
    },
  });
  expect(await handler(anEvent("a", "slow", "b"), context())).toEqual(back());
  expect(finished).toEqual([["a", "b"], ["slow"]]);
});

describe("suspects", () => {
  const isSuspect = (body: string) => body.startsWith("suspect");

  test("come after the others, one at a time, each finished before the next starts", async () => {
    const steps: string[] = [];
    const { handler } = aFunction({
      isSuspect,
      async work(body) {
        steps.push(`begin ${body}`);
        await Promise.resolve();
        return body;
      },
      async finish(done) {
        steps.push(`finish ${done.map(({ result }) => result).join()}`);
        return [];
      },
    });
    expect(await handler(anEvent("suspect-1", "a", "suspect-2", "b"), context())).toEqual(back());
    expect(steps).toEqual([
      ...["begin a", "begin b", "finish a,b"],
      ...["begin suspect-1", "finish suspect-1", "begin suspect-2", "finish suspect-2"],
    ]);
  });

  test("return alone if they fail or cannot be finished", async () => {
    const { handler } = aFunction({
      isSuspect,
      async work(body) {
        if (body === "suspect-1") throw new Error("poison");
        return body;
      },
      finish: async (done) => done.filter(({ result }) => result === "suspect-2"),
    });
    expect(await handler(anEvent("suspect-1", "suspect-2", "suspect-3"), context())).toEqual(back(0, 1));
  });

  test("return if the invocation has no time left for them", async () => {
    const { handler, finished } = aFunction({ isSuspect });
    expect(await handler(anEvent("suspect", "a"), context(19_999))).toEqual(back(0));
    expect(finished).toEqual([["A"]]);
  });
});
