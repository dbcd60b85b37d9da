import { expect, test } from "@jest/globals";
import { z } from "zod";
import { auditFields, type Issuer } from "./support/issuer.ts";
import { never, startProduct } from "./support/product.ts";
import { until } from "./support/until.ts";
import { expectSigned, subscribe, verified } from "./support/webhooks.ts";

const { newIssuer, newWebhookReceiver, kard, auditsAtKard, stack } = await startProduct({
  tickSeconds: never,
  push: false,
});

const resource = z.looseObject({ id: z.string(), attributes: z.looseObject({}) });
const one = z.object({ data: resource });
const many = z.object({ data: z.array(resource) });

const subscriptionPath = ({ organizationId }: Issuer, id: string) =>
  `/v2/issuers/${organizationId}/subscriptions/${id}`;
const notificationsPath = ({ organizationId }: Issuer) => `/v2/issuers/${organizationId}/notifications`;

/** Files and closes an audit. */
async function closedAudit(issuer: Issuer): Promise<string> {
  const fields = auditFields();
  const id = await issuer.file(fields);
  kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  await issuer.call("POST", `/v2/issuers/${issuer.organizationId}/audits/${id}/refresh`);
  return id;
}

async function notifications(issuer: Issuer, query: Record<string, string> = {}) {
  const { json } = await issuer.call("GET", `${notificationsPath(issuer)}?${new URLSearchParams(query)}`);
  return many.parse(json).data;
}

async function show(issuer: Issuer, id: string) {
  return one.parse((await issuer.call("GET", subscriptionPath(issuer, id))).json).data.attributes;
}

test("a 410 disables an endpoint, notifies the others, and holds its notifications until it is enabled", async () => {
  const issuer = await newIssuer();
  const [gone, watch] = [await newWebhookReceiver(), await newWebhookReceiver()];
  const { id, secret } = await subscribe(issuer, gone.url);
  const watcher = await subscribe(issuer, watch.url, ["subscription.disabled"]);
  gone.answerWith(410);
  const first = await closedAudit(issuer);

  const [heard] = await until("the other endpoint hears of it", () => watch.received.length > 0 && watch.received);
  if (heard === undefined) throw new Error("it heard nothing");
  expectSigned(heard, watcher.secret);
  expect(JSON.parse(heard.body)).toMatchObject({
    type: "subscription.disabled",
    data: { id, attributes: { disabledReason: "gone" } },
  });
  expect(await show(issuer, id)).toMatchObject({ enabled: false, disabledReason: "gone" });

  const second = await closedAudit(issuer);
  await until("both are held", async () => (await notifications(issuer, { "filter[status]": "held" })).length === 2);
  for (const auditId of [first, second]) {
    expect((await issuer.audit(auditId)).attributes.notifications).toMatchObject([
      { eventName: "audit.closed", subscriptionId: id, status: "held" },
    ]);
  }
  expect(gone.received).toHaveLength(1);

  gone.answerWith(204);
  const body = { data: { type: "subscription", attributes: { enabled: true } } };
  expect(await issuer.call("PATCH", subscriptionPath(issuer, id), { body })).toMatchObject({
    status: 200,
    json: { data: { id, attributes: { enabled: true } } },
  });
  await until("both arrive", () => gone.received.length === 3);
  expect(new Set(gone.received.map((webhook) => verified(webhook, secret).data.id))).toEqual(new Set([first, second]));
  expect(await show(issuer, id)).not.toHaveProperty("disabledReason");
  const isDelivered = async () => (await notifications(issuer, { "filter[status]": "delivered" })).length === 3;
  await until("all are on record as delivered", isDelivered);
});

test("a slow endpoint gets its webhooks through the slow queue, each once", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  await subscribe(issuer, receiver.url);
  receiver.answerWith(204, 1_500);
  const sentToSlow = () =>
    stack.calls.filter(({ action, resource }) => action === "SendMessageBatch" && resource.includes("SlowDeliveries"))
      .length;
  const isDelivered = (count: number) => async () =>
    (await notifications(issuer, { "filter[status]": "delivered" })).length === count;
  await closedAudit(issuer);
  await until("the first is delivered", isDelivered(1));
  expect(sentToSlow()).toBe(0);
  await closedAudit(issuer);
  await until("the second is delivered", isDelivered(2));
  expect(sentToSlow()).toBe(1);
  expect(receiver.received).toHaveLength(2);
});

test("a replay has the same id and bytes, and keeps the earlier attempts", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  await subscribe(issuer, receiver.url);
  await closedAudit(issuer);
  const delivered = () => notifications(issuer, { "filter[status]": "delivered" });
  await until("it is on record", async () => (await delivered()).length === 1);
  const [listed] = await delivered();
  expect(listed).toMatchObject({ type: "notification", attributes: { attempts: 1, statusCode: 204 } });
  const path = `${notificationsPath(issuer)}/${listed?.id}`;
  expect(await issuer.call("POST", `${path}/replay`)).toMatchObject({
    status: 202,
    json: { data: { eventId: listed?.attributes.eventId, attributes: { status: "pending" } } },
  });
  await until("it comes again", () => receiver.received.length === 2);
  const [once, again] = receiver.received;
  expect(again?.body).toBe(once?.body);
  expect(again?.headers["webhook-id"]).toBe(once?.headers["webhook-id"]);
  await until("it is on record again", async () => {
    const { attributes } = one.parse((await issuer.call("GET", path)).json).data;
    return (
      attributes.attempts === 2 &&
      attributes.status === "delivered" &&
      z.array(z.unknown()).parse(attributes.lastAttempts).length === 2
    );
  });
});

test("recover counts and sends held notifications, even while the endpoint is disabled", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  const { id } = await subscribe(issuer, receiver.url);
  await issuer.call("PATCH", subscriptionPath(issuer, id), {
    body: { data: { type: "subscription", attributes: { enabled: false } } },
  });
  expect(await show(issuer, id)).toMatchObject({ enabled: false, disabledReason: "by-owner" });
  for (let n = 0; n < 3; n++) await closedAudit(issuer);
  await until("they are held", async () => (await notifications(issuer, { "filter[status]": "held" })).length === 3);
  const recover = `${subscriptionPath(issuer, id)}/recover`;
  const since = (ms: number) => ({ body: { since: new Date(ms).toISOString() } });
  const hourAgo = Date.now() - 3_600_000;
  expect(await issuer.call("POST", `${recover}?dryRun=true`, since(hourAgo))).toMatchObject({
    status: 200,
    json: { data: { type: "recovery", attributes: { dryRun: true, notifications: 3 } } },
  });
  expect(await issuer.call("POST", recover, since(Date.now() + 60_000))).toMatchObject({
    status: 202,
    json: { data: { attributes: { notifications: 0 } } },
  });
  expect(receiver.received).toHaveLength(0);
  expect(await issuer.call("POST", recover, since(hourAgo))).toMatchObject({
    status: 202,
    json: { data: { attributes: { dryRun: false, notifications: 3 } } },
  });
  await until("all three arrive", () => receiver.received.length === 3);
  expect((await show(issuer, id)).enabled).toBe(false);
});

test("a test sends a signed ping and shows the endpoint's response", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  const { id, secret } = await subscribe(issuer, receiver.url);
  receiver.answerWith(418);
  const answer = await issuer.call("POST", `${subscriptionPath(issuer, id)}/test`);
  expect(answer).toMatchObject({
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
  expect(await notifications(issuer)).toEqual([]);
  await receiver.stop();
  expect(await issuer.call("POST", `${subscriptionPath(issuer, id)}/test`)).toMatchObject({
    json: { data: { attributes: { delivered: false, errorMessage: "connection-refused" } } },
  });
});

test("page tokens continue a list, and work only for their issuer", async () => {
  const [issuer, other] = [await newIssuer(), await newIssuer()];
  const receiver = await newWebhookReceiver();
  await subscribe(issuer, receiver.url);
  for (let n = 0; n < 3; n++) await closedAudit(issuer);
  await until("all are on record", async () => (await notifications(issuer)).length === 3);
  const page = z.object({
    data: z.array(resource),
    meta: z.object({ pageSize: z.number(), hasNextPage: z.boolean() }),
    links: z.object({ next: z.string().optional() }),
  });
  const found: string[] = [];
  let path: string | undefined = `${notificationsPath(issuer)}?page[size]=2`;
  while (path !== undefined) {
    const { data, links, meta } = page.parse((await issuer.call("GET", path)).json);
    expect(meta).toEqual({ pageSize: 2, hasNextPage: links.next !== undefined });
    found.push(...data.map(({ id }) => id));
    path = links.next;
    if (path === undefined) continue;
    const foreign = path.replace(issuer.organizationId, other.organizationId);
    expect(await other.call("GET", foreign)).toMatchObject({ status: 200, json: { data: [] } });
  }
  expect(new Set(found).size).toBe(3);
});

test.each(["rotate-secret", "test", "recover"])("another issuer's subscription cannot be used to %s", async (verb) => {
  const [issuer, other] = [await newIssuer(), await newIssuer()];
  const { id } = await subscribe(issuer, "https://example.com/");
  const body = verb === "recover" ? { body: { since: "2026-01-01T00:00:00Z" } } : {};
  expect(await other.call("POST", `${subscriptionPath(other, id)}/${verb}`, body)).toMatchObject({
    status: 404,
    json: { errors: [{ detail: "there is no such subscription" }] },
  });
});
