import { beforeEach, expect, jest, test } from "@jest/globals";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import { logger } from "../../../functions/platform/logger.ts";
import { sqsFunction } from "../../../functions/platform/sqs.ts";

const logged = jest.spyOn(logger, "error");
beforeEach(() => void logged.mockReset());

function anEvent(...bodies: string[]): SQSEvent {
  return { Records: bodies.map((body, n) => ({ messageId: `message-${n}`, body }) as SQSRecord) };
}

async function work({ body }: SQSRecord): Promise<string> {
  if (body === "poison") throw new Error("poison");
  return body.toUpperCase();
}

test("a batch that all went well goes back to nobody", async () => {
  const finished: string[] = [];
  const handler = sqsFunction(work, async (done) => void finished.push(...done.map(({ result }) => result)));
  expect(await handler(anEvent("a", "b"), {} as Context)).toEqual({ batchItemFailures: [] });
  expect(finished).toEqual(["A", "B"]);
});

test("only the messages that failed go back, and the rest is finished", async () => {
  const finished: string[] = [];
  const handler = sqsFunction(work, async (done) => void finished.push(...done.map(({ record }) => record.messageId)));
  expect(await handler(anEvent("a", "poison", "b"), {} as Context)).toEqual({
    batchItemFailures: [{ itemIdentifier: "message-1" }],
  });
  expect(finished).toEqual(["message-0", "message-2"]);
  expect(logged).toHaveBeenCalledTimes(1);
});

test("a batch that cannot be finished goes back whole", async () => {
  const handler = sqsFunction(work, async () => {
    throw new Error("the table is gone");
  });
  await expect(handler(anEvent("a", "b"), {} as Context)).rejects.toThrow("the table is gone");
});

test("the messages of a batch are worked on at once", async () => {
  const waiting: (() => void)[] = [];
  const handler = sqsFunction(
    () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 3) for (const go of waiting) go();
      }),
    async () => undefined,
  );
  expect(await handler(anEvent("a", "b", "c"), {} as Context)).toEqual({ batchItemFailures: [] });
});

test("a slow message does not keep the others' outcome from being known", async () => {
  const finished: string[][] = [];
  let goOn = () => {};
  const slow = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const handler = sqsFunction(
    async ({ body }) => {
      if (body === "slow") await slow;
      return body;
    },
    async (done) => {
      finished.push(done.map(({ result }) => result));
      goOn();
    },
  );
  expect(await handler(anEvent("a", "slow", "b"), {} as Context)).toEqual({ batchItemFailures: [] });
  expect(finished).toEqual([["a", "b"], ["slow"]]);
});
