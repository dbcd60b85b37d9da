import type { AddressInfo } from "node:net";
import { rawHttpServer } from "./raw-http.ts";

/**
 * A fast stub of one SQS queue, with the calls that Lambda makes for a function: it receives up to ten messages, and
 * deletes them. It runs in its own process and sends its port to its parent.
 */
interface Entry {
  Id: string;
  MessageBody: string;
}

let sent = 0;
const waiting: { MessageId: string; Body: string }[] = [];
const received = new Map<string, { MessageId: string; Body: string }>();

function respond(action: string, input: { Entries?: Entry[] & { ReceiptHandle: string }[] }): object {
  switch (action) {
    case "SendMessageBatch":
      for (const { MessageBody } of input.Entries ?? []) waiting.push({ MessageId: `${sent++}`, Body: MessageBody });
      return {};
    case "ReceiveMessage": {
      const messages = waiting.splice(0, 10);
      for (const message of messages) received.set(message.MessageId, message);
      const attributes = { ApproximateReceiveCount: "1" };
      return {
        Messages: messages.map((each) => ({ ...each, ReceiptHandle: each.MessageId, Attributes: attributes })),
      };
    }
    case "DeleteMessageBatch":
      for (const { ReceiptHandle } of input.Entries ?? []) received.delete(ReceiptHandle);
      return {};
    default:
      throw new Error(`the queue stub does not support ${action}`);
  }
}

const server = rawHttpServer(({ target, body }) =>
  JSON.stringify(respond(target.split(".")[1] ?? "", JSON.parse(body.toString()))),
);
server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit(0));
