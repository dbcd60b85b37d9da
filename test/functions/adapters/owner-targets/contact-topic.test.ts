import type { PublishCommand, PublishCommandInput, SNSClient } from "@aws-sdk/client-sns";
import { expect, test } from "@jest/globals";
import { contactsEnvironment } from "../../../../functions/adapters/environment.ts";
import { contactTopic } from "../../../../functions/adapters/owner-targets/contact-topic.ts";
import { openContacts } from "../../../../functions/adapters/owner-targets/open-contacts.ts";
import { exampleEvent } from "../../../../functions/core/events/example-event.ts";
import { webhookEventText } from "../../../../functions/core/events/webhook-event-text.ts";
import type { OwnerEvent } from "../../../../functions/core/publishing/ports.ts";
import { noon } from "../../../support/fake-clock.ts";

const topicArn = "arn:aws:sns:eu-west-1:111122223333:bank-a";
const body = JSON.stringify(exampleEvent("subscription.failing", { id: "evt_1", organizationId: "bank-a", now: noon }));
const failing: OwnerEvent = {
  organizationId: "bank-a",
  subjectId: "subscription-1",
  event: { id: "evt_1", type: "subscription.failing", at: noon, body },
};

async function published(arn: string): Promise<PublishCommandInput> {
  const inputs: PublishCommandInput[] = [];
  const send = async ({ input }: PublishCommand) => void inputs.push(input);
  const client = { send } as unknown as Pick<SNSClient, "send">;
  expect(await contactTopic(client, { topicArn: arn, events: ["subscription.failing"] }).send(failing)).toEqual({});
  return inputs[0] ?? { Message: "" };
}

test("e-mail gets a subject and a text, all others the event's exact bytes and attributes", async () => {
  const { subject, text } = webhookEventText(body);
  const { Message = "", ...rest } = await published(topicArn);
  expect(rest).toEqual({
    TopicArn: topicArn,
    Subject: subject,
    MessageStructure: "json",
    MessageAttributes: {
      type: { DataType: "String", StringValue: "subscription.failing" },
      organizationId: { DataType: "String", StringValue: "bank-a" },
    },
  });
  expect(JSON.parse(Message)).toEqual({ default: body, email: text });
});

test("on a FIFO topic, the subscription is the message group", async () => {
  expect(await published(`${topicArn}.fifo`)).toMatchObject({
    MessageGroupId: "subscription-1",
    MessageDeduplicationId: "evt_1",
  });
});

test("an issuer has a contact with all events about webhooks, or with those that were chosen", () => {
  const CONTACTS = JSON.stringify({ "bank-a": { topicArn }, "bank-b": { topicArn, events: ["notification.failed"] } });
  const { contactOf } = openContacts(contactsEnvironment.parse({ CONTACTS }), () => undefined);
  expect(contactOf("bank-a")?.eventNames).toHaveLength(4);
  expect(contactOf("bank-b")?.eventNames).toEqual(["notification.failed"]);
  expect(contactOf("toString")).toBeUndefined();
  expect(openContacts(contactsEnvironment.parse({}), () => undefined).contactOf("bank-a")).toBeUndefined();
});
