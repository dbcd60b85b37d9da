import { expect, test } from "@jest/globals";
import { fileClosedAudit } from "../support/closed-audit.ts";
import { never, startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";
import { getSubscription, listNotifications, subscriptionPath } from "../support/webhooks/subscriptions.ts";
import { expectSigned, subscribe, verified } from "../support/webhooks/webhooks.ts";

const product = await startProduct({ tickSeconds: never, push: false });
const { newIssuer, newWebhookReceiver, stack } = product;

test("a 410 disables an endpoint, notifies the others, and holds its notifications until it is enabled", async () => {
  const issuer = await newIssuer();
  const [gone, watch] = [await newWebhookReceiver(), await newWebhookReceiver()];
  const { id, secret } = await subscribe(issuer, gone.url);
  const watcher = await subscribe(issuer, watch.url, ["subscription.disabled"]);
  gone.respondWith(410);
  const first = await fileClosedAudit(product, issuer);

  const [heard] = await until("the other endpoint hears of it", () => watch.received.length > 0 && watch.received);
  if (heard === undefined) throw new Error("it heard nothing");
  expectSigned(heard, watcher.secret);
  expect(JSON.parse(heard.body)).toMatchObject({
    type: "subscription.disabled",
    data: { id, attributes: { disabledReason: "gone" } },
  });
  expect(await getSubscription(issuer, id)).toMatchObject({ enabled: false, disabledReason: "gone" });

  const second = await fileClosedAudit(product, issuer);
  await until(
    "both are held",
    async () => (await listNotifications(issuer, { "filter[status]": "held" })).length === 2,
  );
  for (const auditId of [first, second]) {
    expect((await issuer.audit(auditId)).attributes.notifications).toMatchObject([
      { eventName: "audit.closed", subscriptionId: id, status: "held" },
    ]);
  }
  expect(gone.received).toHaveLength(1);

  gone.respondWith(204);
  const body = { data: { type: "subscription", attributes: { enabled: true } } };
  expect(await issuer.call("PATCH", subscriptionPath(issuer, id), { body })).toMatchObject({
    status: 200,
    json: { data: { id, attributes: { enabled: true } } },
  });
  await until("both arrive", () => gone.received.length === 3);
  expect(new Set(gone.received.map((webhook) => verified(webhook, secret).data.id))).toEqual(new Set([first, second]));
  expect(await getSubscription(issuer, id)).not.toHaveProperty("disabledReason");
  const isDelivered = async () => (await listNotifications(issuer, { "filter[status]": "delivered" })).length === 3;
  await until("all are on record as delivered", isDelivered);
});

test("a slow endpoint gets its webhooks through the slow queue, each once", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  await subscribe(issuer, receiver.url);
  receiver.respondWith(204, 1_500);
  const sentToSlow = () =>
    stack.calls.filter(({ action, resource }) => action === "SendMessageBatch" && resource.includes("SlowDeliveries"))
      .length;
  const isDelivered = (count: number) => async () =>
    (await listNotifications(issuer, { "filter[status]": "delivered" })).length === count;
  await fileClosedAudit(product, issuer);
  await until("the first is delivered", isDelivered(1));
  expect(sentToSlow()).toBe(0);
  await fileClosedAudit(product, issuer);
  await until("the second is delivered", isDelivered(2));
  expect(sentToSlow()).toBe(1);
  expect(receiver.received).toHaveLength(2);
});

test("a test sends a signed ping and shows the endpoint's response", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  const { id, secret } = await subscribe(issuer, receiver.url);
  receiver.respondWith(418);
  const response = await issuer.call("POST", `${subscriptionPath(issuer, id)}/test`);
  expect(response).toMatchObject({
    status: 200,
    json: {
      data: {
        type: "test",
        attributes: { delivered: false, statusCode: 418, body: "", milliseconds: expect.any(Number) },
      },
    },
  });
  const [ping] = receiver.received;
  if (ping === undefined) throw new Error("no ping came");
  expectSigned(ping, secret);
  expect(JSON.parse(ping.body)).toMatchObject({ type: "subscription.test", data: { id } });
  expect(await listNotifications(issuer)).toEqual([]);
  await receiver.stop();
  expect(await issuer.call("POST", `${subscriptionPath(issuer, id)}/test`)).toMatchObject({
    json: { data: { attributes: { delivered: false, errorMessage: "connection-refused" } } },
  });
});

test("more tests than an issuer may send are refused, and say when to try again", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  const { id } = await subscribe(issuer, receiver.url);
  const send = () => issuer.call("POST", `${subscriptionPath(issuer, id)}/test`);
  let response = await send();
  for (let sent = 1; sent < 60 && response.status === 200; sent++) response = await send();
  expect(response).toMatchObject({ status: 429, headers: { "retry-after": "2" } });
});
