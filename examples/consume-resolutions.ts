// Consumes the resolutions queue, with the package `sqs-consumer`.
//
//   RESOLUTIONS_QUEUE_URL=… npx node examples/consume-resolutions.ts
//
// Deployed, the URL is the stack's output ResolutionsQueueUrl, and the credentials those of a role that may consume it.
// With `npm start` running, whose queue takes any credentials:
//
//   out() { node -p "require('./.local/outputs.json').$1"; }
//   AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_ENDPOINT_URL_SQS=$(out SqsEndpoint) \
//     RESOLUTIONS_QUEUE_URL=$(out ResolutionsQueueUrl) npx node examples/consume-resolutions.ts
import { type Message, SQSClient } from "@aws-sdk/client-sqs";
import { Consumer } from "sqs-consumer";

interface AuditClosed {
  id: string;
  type: string;
  data: { id: string; attributes: { transactionId: string; resolutionCode: number | null } };
}

// Processed event ids. Store them durably: a message may arrive twice.
const handled = new Set<string>();

const consumer = Consumer.create({
  queueUrl: process.env.RESOLUTIONS_QUEUE_URL ?? "",
  // By default the client uses the host of the queue URL, which is wrong on the local stack.
  sqs: new SQSClient({ useQueueUrlAsEndpoint: false }),
  batchSize: 10,
  messageAttributeNames: ["All"],
  // When this resolves, the message is deleted. If it throws, the message is redelivered, and after five times moved to
  // the dead-letter queue.
  async handleMessage(message: Message) {
    const { id, type, data } = JSON.parse(message.Body ?? "") as AuditClosed;
    if (handled.has(id)) console.log(`${id} once more`);
    else {
      const issuer = message.MessageAttributes?.organizationId?.StringValue;
      console.log(`${id} ${type} ${issuer} ${data.attributes.transactionId} ${data.attributes.resolutionCode ?? ""}`);
    }
    handled.add(id);
    return message;
  },
});

consumer.on("error", (error) => console.error(error.message));
consumer.on("processing_error", (error) => console.error(error.message));
process.once("SIGTERM", () => consumer.stop({ abort: true }));
process.once("SIGINT", () => consumer.stop({ abort: true }));
consumer.start();
