import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { Failure } from "./failure.ts";

const event = z.object({ type: z.literal("audit.closed"), data: z.object({ id: z.string() }) });

/**
 * Waits for an audit's resolution on the resolutions queue and deletes the message. Other messages stay, but are
 * invisible to their consumers for two seconds whenever they are received.
 *
 * @throws Failure (unsettled) after the timeout; an AbortError after `stop`
 */
export async function receiveResolution(
  { url, endpoint }: { url: string; endpoint: string | undefined },
  auditId: string,
  forMs: number,
  stop: AbortSignal,
): Promise<void> {
  // The local stack checks no credentials, but the client needs some.
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const local = { region: "us-east-1", credentials, useQueueUrlAsEndpoint: false };
  const client = new SQSClient(endpoint === undefined ? {} : { endpoint, ...local });
  const end = Date.now() + forMs;
  try {
    while (Date.now() < end) {
      const { Messages: messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 2, VisibilityTimeout: 2 }),
        { abortSignal: stop },
      );
      const own = messages.find(({ Body: body = "" }) => event.safeParse(JSON.parse(body)).data?.data.id === auditId);
      if (own === undefined) continue;
      await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: own.ReceiptHandle }));
      return;
    }
    throw new Failure("unsettled", `timeout after ${Math.round(forMs / 1_000)} seconds`);
  } finally {
    client.destroy();
  }
}
