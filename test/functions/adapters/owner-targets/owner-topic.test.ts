import { SNSClient } from "@aws-sdk/client-sns";
import { afterAll, expect, test } from "@jest/globals";
import { awsHttp } from "../../../../functions/adapters/aws/http-handler.ts";
import { ownerTopic } from "../../../../functions/adapters/owner-targets/owner-topic.ts";
import { answeringServer } from "./answering-server.ts";
import { closingOf } from "./closing.ts";

const server = await answeringServer();
afterAll(() => server.stop());
const topicArn = "arn:aws:sns:eu-west-1:111122223333:audits";
const client = new SNSClient({
  region: "eu-west-1",
  endpoint: server.url,
  credentials: { accessKeyId: "a", secretAccessKey: "s" },
  maxAttempts: 1,
  requestHandler: awsHttp(),
});
const closing = closingOf(5004);
const published =
  '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishResult><MessageId>1</MessageId>' +
  "</PublishResult><ResponseMetadata><RequestId>2</RequestId></ResponseMetadata></PublishResponse>";
const failed = (code: string, message = "no") =>
  `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><Error><Type>Sender</Type><Code>${code}</Code>` +
  `<Message>${message}</Message></Error><RequestId>2</RequestId></ErrorResponse>`;

function send(arn = topicArn) {
  const refused: string[] = [];
  const topic = ownerTopic(client, arn, (code) => void refused.push(code));
  return topic.send(closing).then((result) => ({ result, refused }));
}

const lastForm = () => Object.fromEntries(new URLSearchParams(server.requests.at(-1)?.body));

test("a message is the event's exact bytes, with attributes for filter policies", async () => {
  server.answer(200, published);
  expect(await send()).toEqual({ result: {}, refused: [] });
  const form = lastForm();
  expect(form).toMatchObject({ Action: "Publish", TopicArn: topicArn, Message: closing.event.body });
  const attributes = [1, 2, 3].map((n) => [
    form[`MessageAttributes.entry.${n}.Name`],
    form[`MessageAttributes.entry.${n}.Value.DataType`],
    form[`MessageAttributes.entry.${n}.Value.StringValue`],
  ]);
  expect(attributes).toEqual([
    ["type", "String", "audit.closed"],
    ["organizationId", "String", "org"],
    ["resolutionCode", "Number", "5004"],
  ]);
  expect(form).not.toHaveProperty("MessageGroupId");
});

test("on a FIFO topic, the audit is the message group and the event's id removes duplicates", async () => {
  server.answer(200, published);
  await send(`${topicArn}.fifo`);
  expect(lastForm()).toMatchObject({ MessageGroupId: closing.subjectId, MessageDeduplicationId: closing.event.id });
});

test.each([
  ["InvalidParameter", "InvalidParameter"],
  // The SDK names it after its type.
  ["ParameterValueInvalid", "InvalidParameterValue"],
])("%s is a permanent refusal", async (code, refused) => {
  server.answer(400, failed(code));
  expect(await send()).toEqual({ result: { refused }, refused: [refused] });
});

test("the ARN of a topic in another region can be corrected, so the event is sent again", async () => {
  server.answer(400, failed("InvalidParameter", "Invalid parameter: TopicArn"));
  await expect(send()).rejects.toThrow("TopicArn");
});

test.each([
  [403, "AuthorizationError"],
  [404, "NotFound"],
  [400, "KMSDisabled"],
  [400, "KMSAccessDenied"],
  [400, "Throttling"],
  [500, "InternalError"],
])("a %s with %s is tried again later", async (status, code) => {
  server.answer(status, failed(code));
  await expect(send()).rejects.toThrow();
});
