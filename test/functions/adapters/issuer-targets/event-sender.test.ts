import { createHash } from "node:crypto";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, expect, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { awsHttp } from "../../../../functions/adapters/aws/http-handler.ts";
import { sendToBuses } from "../../../../functions/adapters/issuer-targets/bus-target.ts";
import { eventSender } from "../../../../functions/adapters/issuer-targets/event-sender.ts";
import { sendToQueues } from "../../../../functions/adapters/issuer-targets/queue-target.ts";
import type { OutgoingEvent } from "../../../../functions/core/notifications/ports.ts";
import { fakeClock, noon } from "../../../support/fake-clock.ts";
import { aSubscription } from "../../../support/sample-audits.ts";
import { fakeWebhooks } from "../../../support/webhooks/fake-webhooks.ts";
import { answeringServer } from "../owner-targets/answering-server.ts";

const server = await answeringServer();
afterAll(() => server.stop());
const config = {
  region: "eu-west-1",
  endpoint: server.url,
  credentials: { accessKeyId: "a", secretAccessKey: "s" },
  maxAttempts: 1,
  requestHandler: awsHttp(),
};
const clock = fakeClock();
const webhooks = fakeWebhooks(clock.now);
const sender = eventSender({
  webhooks: {
    prepare: () => Promise.reject(new Error("no certificate")),
    send: (subscription, event) => webhooks.send(subscription, event as OutgoingEvent),
  },
  targets: {
    sqs: sendToQueues(new SQSClient({ ...config, useQueueUrlAsEndpoint: false }), clock.now),
    eventbridge: sendToBuses(new EventBridgeClient(config), clock.now),
  },
  allowed: {
    ...{ partition: "aws", region: "eu-west-1", account: "999999999999" },
    accountsOf: { org: ["111122223333"] },
  },
  clock: clock.now,
});

const event: OutgoingEvent = {
  ...{ id: "evt_1", type: "audit.closed", subjectId: "audit-1", at: noon - 1_000 },
  body: JSON.stringify({ id: "evt_1", type: "audit.closed", timestamp: new Date(noon).toISOString(), data: {} }),
};
/** The SDK checks the checksum. */
const accepted = { MessageId: "1", MD5OfMessageBody: createHash("md5").update(event.body).digest("hex") };
const queue = "arn:aws:sqs:eu-west-1:111122223333:audits";
const bus = "arn:aws:events:eu-west-1:111122223333:event-bus/audits";
const sendTo = (webhookUrl: string) => sender.send(aSubscription({ webhookUrl }), event);
const sent = () => JSON.parse(server.requests.at(-1)?.body ?? "");

test("a message has the bytes of a webhook, with its headers as attributes that verify them", async () => {
  server.answer(200, accepted);
  expect(await sendTo(queue)).toEqual({
    attempt: { at: noon, ms: 0, statusCode: 200 },
    ...{ delivered: true, retryAfterMs: undefined, response: "" },
  });
  const { MessageAttributes: attributes, ...message } = sent();
  expect(message).toEqual({
    QueueUrl: "https://sqs.eu-west-1.amazonaws.com/111122223333/audits",
    MessageBody: event.body,
  });
  const text = Object.entries<{ StringValue: string }>(attributes).map(([name, { StringValue }]) => [
    name,
    StringValue,
  ]);
  const { type, ...headers } = Object.fromEntries(text);
  expect(type).toBe("audit.closed");
  expect(Object.keys(headers).sort()).toEqual(["webhook-id", "webhook-signature", "webhook-timestamp"]);
  const { secret = "" } = aSubscription().secrets[0] ?? {};
  const [signature = ""] = String(headers["webhook-signature"]).split(" ");
  const at = new Date(Number(headers["webhook-timestamp"]) * 1_000);
  expect(new Webhook(secret).sign("evt_1", at, event.body)).toBe(signature);
});

test("in a FIFO queue, the subject is the message group and the event's id removes duplicates", async () => {
  server.answer(200, accepted);
  await sendTo(`${queue}.fifo`);
  expect(sent()).toMatchObject({ MessageGroupId: "audit-1", MessageDeduplicationId: "evt_1" });
});

test("an entry for a bus has the bytes of a webhook as its detail", async () => {
  server.answer(200, { FailedEntryCount: 0, Entries: [{ EventId: "1" }] });
  expect(await sendTo(bus)).toMatchObject({ delivered: true, attempt: { statusCode: 200 } });
  const entry = { EventBusName: bus, Source: "kard-audit-tracker", DetailType: "audit.closed", Detail: event.body };
  expect(sent()).toEqual({ Entries: [{ ...entry, Time: event.at / 1_000 }] });
});

test.each([
  [400, "com.amazonaws.sqs#QueueDoesNotExist", "target-not-found"],
  [403, "com.amazon.coral.service#AccessDeniedException", "access-denied"],
  [400, "com.amazonaws.sqs#KmsAccessDenied", "key-access-denied"],
  [400, "KMS.AccessDeniedException", "key-access-denied"],
  [400, "com.amazonaws.sqs#KmsDisabled", "key-refused"],
  [400, "KMS.NotFoundException", "key-refused"],
  [400, "com.amazonaws.sqs#KmsThrottled", "throttled"],
  [400, "com.amazonaws.sqs#RequestThrottled", "throttled"],
  [400, "com.amazonaws.sqs#InvalidParameterValue", "message-refused"],
  [400, "com.amazonaws.sqs#InvalidMessageContents", "message-refused"],
  [503, "ServiceUnavailable", "aws-failed"],
])("SQS with %d and %s is the failure %s", async (status, type, error) => {
  server.answer(status, { __type: type, message: "no" });
  expect(await sendTo(queue)).toMatchObject({ delivered: false, attempt: { statusCode: status, error } });
});

test.each([
  ["AccessDeniedException", "access-denied"],
  ["NotAuthorizedForSourceException", "access-denied"],
  ["ThrottlingException", "throttled"],
  ["MalformedDetail", "message-refused"],
])("EventBridge with %s for an entry is the failure %s", async (ErrorCode, error) => {
  server.answer(200, { FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage: "no" }] });
  expect(await sendTo(bus)).toMatchObject({ delivered: false, attempt: { error } });
});

test.each([
  [400, "AccessDeniedException", "access-denied"],
  [400, "ResourceNotFoundException", "target-not-found"],
  [500, "InternalException", "aws-failed"],
])("EventBridge with %d and %s is the failure %s", async (status, type, error) => {
  server.answer(status, { __type: type, message: "no" });
  expect(await sendTo(bus)).toMatchObject({ delivered: false, attempt: { statusCode: status, error } });
});

test("refused credentials of the tracker are no failure of the endpoint", async () => {
  server.answer(400, { __type: "UnrecognizedClientException", message: "no" });
  await expect(sendTo(queue)).rejects.toThrow();
});

test.each([
  "arn:aws:sqs:eu-west-1:999999999999:deliveries",
  "arn:aws:sqs:eu-west-1:444455556666:audits",
  "arn:aws:sqs:us-east-1:111122223333:audits",
])("%s is refused, also if it was stored earlier, without a call", async (arn) => {
  const before = server.requests.length;
  expect(await sendTo(arn)).toMatchObject({ delivered: false, attempt: { error: "target-refused" } });
  expect(server.requests).toHaveLength(before);
});

test("webhooks are sent by HTTP, and only they need the certificates", async () => {
  await sendTo("https://issuer.example/webhooks");
  expect(webhooks.posted).toHaveLength(1);
  await expect(sender.prepare(aSubscription())).rejects.toThrow("no certificate");
  await sender.prepare(aSubscription({ webhookUrl: queue }));
});
