import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { LocalOutputs } from "../../../infra/local/local-tracker.ts";
import { operatorCredentials } from "../../../infra/local/runner/operator-credentials.ts";

interface Resolution {
  /** Time of arrival in epoch milliseconds. */
  at: number;
  body: string;
  attributes: Readonly<Record<string, string>>;
}

export interface Resolutions {
  received: readonly Resolution[];
  /** Stops consuming, after the current long poll. */
  retire(): Promise<void>;
  stop(): Promise<void>;
}

/** The owner's consumer of the resolutions queue: collects and deletes messages. */
export function consumeResolutions(outputs: LocalOutputs): Resolutions {
  return consumeQueue(outputs.SqsEndpoint, outputs.ResolutionsQueueUrl);
}

/** Collects and deletes the messages of a queue. */
export function consumeQueue(SqsEndpoint: string, queueUrl: string): Resolutions {
  const client = new SQSClient({ ...operatorCredentials, endpoint: SqsEndpoint, maxAttempts: 1 });
  const stopping = new AbortController();
  const received: Resolution[] = [];

  let isRetired = false;

  const consume = async () => {
    while (!isRetired && !stopping.signal.aborted) {
      const { Messages: messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 5,
          MessageAttributeNames: ["All"],
        }),
        { abortSignal: stopping.signal },
      );
      received.push(...messages.map(resolutionOf));
      if (messages.length === 0) continue;
      const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
    }
  };
  let failure: unknown;
  const consuming = consume().catch((error: unknown) => {
    if (!stopping.signal.aborted) failure = error;
  });

  return {
    received,
    async retire() {
      isRetired = true;
      await consuming;
    },
    async stop() {
      stopping.abort();
      await consuming;
      client.destroy();
      if (failure !== undefined) throw failure;
    },
  };
}

function resolutionOf({ Body: body = "", MessageAttributes: attributes = {} }: Message): Resolution {
  const values = Object.entries(attributes).map(([name, { StringValue: value = "" }]) => [name, value]);
  return { at: Date.now(), body, attributes: Object.fromEntries(values) };
}
