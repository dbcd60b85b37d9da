import { expect, test } from "@jest/globals";
import { type AwsRequest, jsonResponse } from "../../../../../infra/local/runner/protocol/aws-request.ts";
import { withCheckedDelays } from "../../../../../infra/local/runner/services/message-delays.ts";

/** Sends a call; `forwarded` are the ids of the entries that reach the queue. */
async function send(action: string, given: Record<string, unknown>) {
  const forwarded: unknown[] = [];
  // As it arrives: without what is undefined.
  const input = JSON.parse(JSON.stringify(given)) as Record<string, unknown>;
  const request: AwsRequest = {
    ...{ service: "sqs", action, target: `AmazonSQS.${action}`, input },
    body: Buffer.from(JSON.stringify(input)),
  };
  const { status, body } = await withCheckedDelays(request, async (checked) => {
    const { Entries: entries = [{ Id: "single" }] } = JSON.parse(checked.body.toString()) as {
      Entries?: { Id: string }[];
    };
    forwarded.push(...entries.map(({ Id }) => Id));
    return jsonResponse({ Successful: entries.map(({ Id }) => ({ Id, MessageId: "m" })) });
  });
  return { status, body: JSON.parse(body.toString()), forwarded };
}

const entry = (Id: string, DelaySeconds?: number) => ({ Id, MessageBody: "x", DelaySeconds });
const reason = "for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.";

test("each entry of a batch with an invalid delay fails, and the others are sent", async () => {
  const Entries = [entry("a"), entry("b", 900), entry("c", 901), entry("d", -1)];
  expect(await send("SendMessageBatch", { Entries })).toEqual({
    status: 200,
    forwarded: ["a", "b"],
    body: {
      Successful: [expect.objectContaining({ Id: "a" }), expect.objectContaining({ Id: "b" })],
      Failed: [
        { Id: "c", SenderFault: true, Code: "InvalidParameterValue", Message: `Value 901 ${reason}` },
        { Id: "d", SenderFault: true, Code: "InvalidParameterValue", Message: `Value -1 ${reason}` },
      ],
    },
  });
  const none = await send("SendMessageBatch", { Entries: [entry("c", 901)] });
  expect(none).toMatchObject({ status: 200, forwarded: [], body: { Successful: [], Failed: [{ Id: "c" }] } });
});

test("a single message with an invalid delay is refused", async () => {
  const refused = await send("SendMessage", { DelaySeconds: 901 });
  expect(refused).toMatchObject({ status: 400, forwarded: [], body: { message: `Value 901 ${reason}` } });
  expect(await send("SendMessage", { DelaySeconds: 900 })).toMatchObject({ status: 200, forwarded: ["single"] });
});

test.each([
  ["SendMessage", { DelaySeconds: 1.5 }],
  ["SendMessageBatch", { Entries: [entry("a"), entry("b", 1.5)] }],
])("%s with a fraction of a second fails", async (action, input) => {
  expect(await send(action, input)).toMatchObject({
    status: 400,
    forwarded: [],
    body: { __type: expect.stringContaining("SerializationException") },
  });
});
