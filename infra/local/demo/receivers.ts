import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Webhook } from "standardwebhooks";
import * as z from "zod";
import { queueOfTopic } from "../event-queues.ts";
import type { LocalOutputs } from "../local-tracker.ts";
import { operatorCredentials } from "../runner/operator-credentials.ts";

const event = z.object({
  type: z.string(),
  data: z.object({
    id: z.string(),
    attributes: z.object({
      kardAuditId: z.string().optional(),
      resolutionCode: z.number().nullish(),
      resolutionDescription: z.string().nullish(),
    }),
  }),
});

export type ReceivedEvent = z.infer<typeof event>;
type OnEvent = (received: ReceivedEvent, at: number) => void;

/** Receives webhooks and verifies each with the `standardwebhooks` library. */
export async function receiveWebhooks(onEvent: OnEvent, onInvalid: (reason: string) => void) {
  let verifier: Webhook | undefined;
  const server = createServer(async (request, response) => {
    const at = Date.now();
    const body = await text(request);
    try {
      verifier?.verify(body, request.headers as Record<string, string>);
      onEvent(event.parse(JSON.parse(body)), at);
      response.writeHead(204).end();
    } catch (error) {
      onInvalid(String(error));
      response.writeHead(400).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks`,
    verifyWith(secret: string) {
      verifier = new Webhook(secret);
    },
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Consumes a queue of events: receives by long polling, then deletes. */
export function receiveFromQueue({ SqsEndpoint }: LocalOutputs, queueUrl: string, onEvent: OnEvent) {
  const client = new SQSClient({ ...operatorCredentials, endpoint: SqsEndpoint });
  const stopping = new AbortController();
  const consume = async () => {
    while (!stopping.signal.aborted) {
      const { Messages: messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
        { abortSignal: stopping.signal },
      );
      const at = Date.now();
      for (const { Body: body = "" } of messages) onEvent(event.parse(JSON.parse(body)), at);
      if (messages.length === 0) continue;
      const entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await client.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
    }
  };
  const consuming = consume().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    async stop() {
      stopping.abort();
      await consuming;
      client.destroy();
    },
  };
}

/** Subscribes a queue to the topic and collects the ids of the audits that it says are closed. */
export async function receiveFromTopic(outputs: LocalOutputs) {
  const { queueUrl } = await queueOfTopic(outputs.SqsEndpoint, outputs.EventTopicArn);
  const closed = new Set<string>();
  const { stop } = receiveFromQueue(outputs, queueUrl, ({ type, data }) => {
    if (type === "audit.closed") closed.add(data.id);
  });
  return { closed, stop };
}
