import { expect, test } from "@jest/globals";
import { auditFields } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";
import { foreignAccount } from "../support/webhooks/foreign-account.ts";
import {
  changeSubscription,
  createSubscription,
  createSubscriptions,
  getSubscription,
  listNotifications,
  notificationsPath,
  subscriptionPath,
} from "../support/webhooks/subscriptions.ts";
import { expectSigned } from "../support/webhooks/webhooks.ts";

const product = await startProduct({ tickSeconds: never, push: false });
const { owner, kard, auditsAtKard, newIssuer, stack } = product;
const senders = String(stack.outputs.TargetSenderRoleArns).split(" ");
const abroad = foreignAccount(stack.awsEndpoint, senders);

/** Twenty seconds of retries, for a busy machine. */
const retrySchedule = Array.from({ length: 20 }, () => 1);

async function closedAudit(): Promise<void> {
  const fields = auditFields();
  const auditId = await owner.file(fields);
  kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  await owner.call("POST", `/v2/issuers/${owner.organizationId}/audits/${auditId}/refresh`);
}

test("a queue in the issuer's account gets events once its policy allows it, and what it missed by a replay", async () => {
  const queue = await abroad.queue("audits");
  const target = { type: "sqs", arn: queue.arn };
  const { id, attributes } = await createSubscription(owner, { target, retrySchedule });
  expect(attributes).toMatchObject({ target, eventNames: ["audit.closed"] });
  expect(attributes).not.toHaveProperty("webhookUrl");

  const tested = await owner.call("POST", `${subscriptionPath(owner, id)}/test`);
  expect(tested.json).toMatchObject({ data: { attributes: { delivered: false, errorMessage: "access-denied" } } });
  await closedAudit();
  await until("an attempt is denied", async () => (await getSubscription(owner, id)).failingSince !== undefined);
  expect(await queue.received()).toEqual([]);

  await queue.allow();
  await until("the event arrives", async () => (await queue.received()).length === 1);
  const [message] = await queue.received();
  const headers = Object.fromEntries(
    Object.entries(message?.MessageAttributes ?? {}).map(([name, { StringValue: value = "" }]) => [name, value]),
  );
  expect(headers.type).toBe("audit.closed");
  expectSigned({ headers, body: message?.Body ?? "" }, String(attributes.secret));
  await until("it is recorded", async () => (await listNotifications(owner))[0]?.attributes.status === "delivered");

  const [notification] = await listNotifications(owner);
  await owner.call("POST", `${notificationsPath(owner)}/${notification?.id}/replay`);
  await until("the replay arrives", async () => (await queue.received()).length === 2);
  expect((await queue.received())[1]?.Body).toBe(message?.Body);
  expect(await getSubscription(owner, id)).not.toHaveProperty("failingSince");
  await changeSubscription(owner, id, { enabled: false });
});

test("a queue with a key of the issuer gets events once the key's policy allows it", async () => {
  const queue = await abroad.queue("encrypted");
  await queue.allow();
  await queue.encryptWith("1234");
  const { id } = await createSubscription(owner, { target: { type: "sqs", arn: queue.arn }, retrySchedule });
  const test = () => owner.call("POST", `${subscriptionPath(owner, id)}/test`);
  const denied = { delivered: false, statusCode: 400, errorMessage: "key-access-denied" };
  expect((await test()).json).toMatchObject({ data: { attributes: denied } });
  await closedAudit();
  const ofQueue = async () => {
    const [notification] = await listNotifications(owner, { "filter[subscriptionId]": id });
    return notification?.attributes;
  };
  await until("an attempt is denied", async () => (await ofQueue())?.errorMessage === "key-access-denied");
  expect(await queue.received()).toEqual([]);

  await abroad.allowKey("1234");
  expect((await test()).json).toMatchObject({ data: { attributes: { delivered: true } } });
  await until("the event arrives, too", async () => (await queue.received()).length === 2);
  await until("it is recorded", async () => (await ofQueue())?.status === "delivered");
  expect(stack.violations).toEqual([]);
  await changeSubscription(owner, id, { enabled: false });
});

test("a FIFO queue gets the audit as its message group", async () => {
  const queue = await abroad.queue("audits.fifo");
  await queue.allow();
  const { id } = await createSubscription(owner, { target: { type: "sqs", arn: queue.arn }, payload: "thin" });
  await closedAudit();
  await until("the event arrives", async () => (await queue.received()).length === 1);
  const [message] = await queue.received();
  const { id: eventId, data } = JSON.parse(message?.Body ?? "");
  expect(message?.Attributes).toMatchObject({ MessageGroupId: data.id, MessageDeduplicationId: eventId });
  await changeSubscription(owner, id, { enabled: false });
});

test("an event bus in the issuer's account gets the same bytes as the detail, and test events", async () => {
  const bus = await abroad.bus("audits");
  const { id } = await createSubscription(owner, { target: { type: "eventbridge", arn: bus.arn } });
  await closedAudit();
  await until("the event arrives", async () => (await bus.received()).length === 1);
  const envelope = JSON.parse((await bus.received())[0]?.Body ?? "");
  expect(envelope).toMatchObject({ source: "kard-audit-tracker", "detail-type": "audit.closed" });
  expect(envelope.detail).toMatchObject({ type: "audit.closed", data: { attributes: { status: "CLOSED" } } });

  const tested = await owner.call("POST", `${subscriptionPath(owner, id)}/test`);
  expect(tested.json).toMatchObject({ data: { attributes: { delivered: true, statusCode: 200 } } });
  await until("the test arrives", async () => (await bus.received()).length === 2);
  await changeSubscription(owner, id, { enabled: false });
});

test("another issuer, another account and the deployment's own account are refused", async () => {
  const target = { type: "sqs", arn: "arn:aws:sqs:us-east-1:111122223333:audits" };
  const arn = (account: string) => ({ ...target, arn: `arn:aws:sqs:us-east-1:${account}:audits` });
  const other = await newIssuer();
  for (const [issuer, refused] of [
    [other, target],
    [owner, arn("444455556666")],
    [owner, arn("000000000000")],
  ] as const) {
    const { status, json } = await createSubscriptions(issuer, { target: refused });
    expect({ status, json }).toMatchObject({
      status: 400,
      json: { errors: [{ source: { pointer: "/data/0/attributes/target" } }] },
    });
  }
});
