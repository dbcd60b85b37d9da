import type { SendMessageBatchCommandInput, SQSClient } from "@aws-sdk/client-sqs";
import type { Command } from "../../support/dynamodb/memory-dynamodb.ts";
import type { FaultKind, Outside, Worker } from "./outside.ts";

export interface Message {
  messageId: string;
  body: string;
  attributes: Record<string, string | undefined>;
  visibleAt: number;
  receives: number;
}

/** The template's visibility timeout and maximum number of receives. */
const hiddenMs = 6 * 60_000;
const mostReceives = 5;
const batchSize = 10;

const kinds = [
  ...([
    "before",
    "after",
    "crash-before",
    "crash-after",
    "throttle",
    "outage",
    "refused",
    "twice",
  ] satisfies FaultKind[]),
];

/** The event of a message. */
const eventIdOf = (body: string): string => {
  const { eventId, id } = JSON.parse(body);
  return eventId ?? id;
};

/** The contents of SQS, by queue URL. */
export function createQueues(clock: () => number) {
  const messages = new Map<string, Message[]>();
  /** Queues that refuse messages of these events permanently. */
  const refused = new Set<string>();
  const isRefused = (url: string, eventId: string) => refused.has(`${url} ${eventId}`);
  let ids = 0;
  const of = (url: string) => {
    const all = messages.get(url) ?? [];
    messages.set(url, all);
    return all;
  };
  const add = ({ QueueUrl: url = "", Entries: entries = [] }: SendMessageBatchCommandInput) => {
    for (const { MessageBody: body = "", DelaySeconds: delay = 0, MessageAttributes: given = {} } of entries) {
      if (isRefused(url, eventIdOf(body))) continue;
      const attributes = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.StringValue]));
      of(url).push({ messageId: `m${++ids}`, body, attributes, visibleAt: clock() + delay * 1_000, receives: 0 });
    }
  };
  const refusalsOf = ({ QueueUrl: url = "", Entries: entries = [] }: SendMessageBatchCommandInput) =>
    entries
      .filter(({ MessageBody: body = "" }) => isRefused(url, eventIdOf(body)))
      .map(({ Id: id }) => ({ Id: id, Code: "InvalidMessageContents", SenderFault: true }));
  return {
    of,
    /** Whether a queue refuses messages of an event permanently. */
    isRefused,
    /** When the next message becomes visible. */
    nextAt: (url: string) => Math.min(...of(url).map(({ visibleAt }) => visibleAt)),
    receive(url: string): Message[] {
      const all = of(url).filter(({ visibleAt }) => visibleAt <= clock());
      const batch = all.slice(0, batchSize);
      for (const message of batch) {
        message.receives++;
        message.visibleAt = clock() + hiddenMs;
        // The last receive. After that the message moves to the dead-letter queue.
        if (message.receives === mostReceives) message.visibleAt = Number.POSITIVE_INFINITY;
      }
      return batch;
    },
    delete(url: string, done: readonly Message[]): void {
      messages.set(
        url,
        of(url).filter((message) => !done.includes(message)),
      );
    },
    /** SQS for one worker. */
    clientOf(outside: Outside, worker: Worker): SQSClient {
      const send = (command: Command) => {
        const input = command.input as SendMessageBatchCommandInput;
        const name = `SendMessageBatch ${input.QueueUrl?.split("/").at(-1)}`;
        return outside.pass<object>(
          worker,
          { service: "queues", name, kinds },
          {
            effect() {
              add(input);
              return { Failed: refusalsOf(input) };
            },
            refused() {
              for (const { MessageBody: body = "" } of input.Entries?.slice(0, 1) ?? []) {
                refused.add(`${input.QueueUrl} ${eventIdOf(body)}`);
              }
              add(input);
              return { Failed: refusalsOf(input) };
            },
            broken() {
              throw new Error("SQS cannot be reached");
            },
            // A 200 in which only the first message succeeded.
            throttled() {
              const [first, ...others] = input.Entries ?? [];
              const taken = others.length === 0 ? [] : [first].flatMap((entry) => entry ?? []);
              add({ ...input, Entries: taken });
              const throttled = (input.Entries ?? []).slice(taken.length);
              return { Failed: throttled.map(({ Id: id }) => ({ Id: id, Code: "Throttled", SenderFault: false })) };
            },
          },
        );
      };
      return { send } as unknown as SQSClient;
    },
  };
}
