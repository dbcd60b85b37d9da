import { expect, test } from "@jest/globals";
import { auditFields } from "../support/issuer.ts";
import { startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";
import { createSubscription, getSubscription } from "../support/webhooks/subscriptions.ts";

const { owner, kard, auditsAtKard, newWebhookReceiver } = await startProduct();
const path = `/v2/issuers/${owner.organizationId}`;
const maxPerSecond = 4;
const count = 12;

async function change(id: string, attributes: object): Promise<number> {
  const body = { data: { type: "subscription", attributes } };
  return (await owner.call("PATCH", `${path}/subscriptions/${id}`, { body })).status;
}

test("an endpoint with a maximum rate gets many held events no faster, and each once", async () => {
  const receiver = await newWebhookReceiver();
  const settings = { webhookUrl: receiver.url, maxPerSecond, enabled: false };
  const { id, attributes } = await createSubscription(owner, settings);
  expect(attributes).toMatchObject({ maxPerSecond });
  for (let number = 0; number < count; number++) {
    const fields = auditFields();
    const auditId = await owner.file(fields);
    kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
    await until("its event is held", async () => {
      const { notifications } = (await owner.audit(auditId)).attributes;
      return notifications.some(({ status }) => status === "held");
    });
  }
  expect(await change(id, { enabled: true })).toBe(200);
  await until("all events have arrived", () => receiver.received.length >= count);

  const deliveries = async () => {
    const { json } = await owner.call("GET", `${path}/notifications?filter[subscriptionId]=${id}`);
    return (json as { data: { attributes: { status: string; attempts: number; lastAttemptAt: string } }[] }).data;
  };
  await until("all are recorded", async () =>
    (await deliveries()).every(({ attributes: shown }) => shown.status === "delivered"),
  );
  const shown = (await deliveries()).map((delivery) => delivery.attributes);
  expect(shown).toHaveLength(count);
  expect(shown.every(({ attempts }) => attempts === 1)).toBe(true);
  expect(new Set(receiver.received.map(({ body }) => JSON.parse(body).id)).size).toBe(count);
  const times = shown.map(({ lastAttemptAt }) => Date.parse(lastAttemptAt)).toSorted((a, b) => a - b);
  const seconds = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1_000;
  expect((count - 1) / seconds).toBeLessThan(1.1 * maxPerSecond);
});

test("the maximum rate is changed and removed by PATCH", async () => {
  const receiver = await newWebhookReceiver();
  const { id } = await createSubscription(owner, { webhookUrl: receiver.url, maxPerSecond });
  expect(await change(id, { maxPerSecond: 500 })).toBe(200);
  expect(await getSubscription(owner, id)).toMatchObject({ maxPerSecond: 500 });
  expect(await change(id, { maxPerSecond: 501 })).toBe(400);
  expect(await change(id, { maxPerSecond: null })).toBe(200);
  expect(await getSubscription(owner, id)).not.toHaveProperty("maxPerSecond");
});
