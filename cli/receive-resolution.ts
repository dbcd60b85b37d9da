import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { z } from "zod";
import { Failure } from "./failure.ts";

const event = z.object({ type: z.literal("audit.closed"), data: z.object({ id: z.string() }) });

/**
 * Waits for the resolution of an audit on the resolutions queue, and takes it off. Others stay there; they are hidden
 * from their consumers for two seconds each time that one of them is met.
 *
 * @throws Failure (unsettled) when it has not come in time
 */
export async function receiveResolution(
  { url, endpoint }: { url: string; endpoint: string | undefined },
  auditId: string,
  forMs: number,
): Promise<void> {
  // On this machine nobody asks for credentials, but the client does.
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const local = { region: "us-east-1", credentials, useQueueUrlAsEndpoint: false };
  const client = new SQSClient(endpoint === undefined ? {} : { endpoint, ...local });
  const end = Date.now() + forMs;
  try {
    while (Date.now() < end) {
      const { Messages: messages = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 2, VisibilityTimeout: 2 }),
      );
      const own = messages.find(({ Body: body = "" }) => event.safeParse(JSON.parse(body)).data?.data.id === auditId);
      if (own === undefined) continue;
      await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: own.ReceiptHandle }));
      return;
    }
    throw new Failure("unsettled", `not within ${Math.round(forMs / 1_000)} seconds`);
  } finally {
    client.destroy();
  }
}
