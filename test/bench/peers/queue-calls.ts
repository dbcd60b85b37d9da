import { Agent } from "undici";

/** Calls of the queue stub, without the AWS SDK: on AWS, they are Lambda's and not the function's. */
export function queueCalls(queueUrl: string) {
  const agent = new Agent();
  const call = async (action: string, input: object): Promise<unknown> => {
    const { body } = await agent.request({
      ...{ origin: queueUrl, path: "/", method: "POST", body: JSON.stringify(input) },
      headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${action}` },
    });
    return body.json();
  };
  return {
    send: (bodies: readonly string[]) =>
      call("SendMessageBatch", { Entries: bodies.map((MessageBody, index) => ({ Id: `${index}`, MessageBody })) }),
    async receive() {
      const { Messages } = (await call("ReceiveMessage", { MaxNumberOfMessages: 10 })) as { Messages: Message[] };
      return Messages;
    },
    remove: (messages: readonly Message[]) =>
      call("DeleteMessageBatch", {
        Entries: messages.map(({ ReceiptHandle }, index) => ({ Id: `${index}`, ReceiptHandle })),
      }),
  };
}

export interface Message {
  MessageId: string;
  Body: string;
  ReceiptHandle: string;
  Attributes: Record<string, string>;
}
