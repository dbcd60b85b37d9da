import { expect, test } from "@jest/globals";
import * as z from "zod";
import { fileClosedAudit } from "../support/closed-audit.ts";
import { never, startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";
import {
  getSubscription,
  listNotifications,
  notificationsPath,
  one,
  resource,
  subscriptionPath,
} from "../support/webhooks/subscriptions.ts";
import { subscribe } from "../support/webhooks/webhooks.ts";

const product = await startProduct({ tickSeconds: never, push: false });
const { newIssuer, newWebhookReceiver } = product;

test("a replay has the same id and bytes, and keeps the earlier attempts", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  await subscribe(issuer, receiver.url);
  await fileClosedAudit(product, issuer);
  const delivered = () => listNotifications(issuer, { "filter[status]": "delivered" });
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
  expect(await getSubscription(issuer, id)).toMatchObject({ enabled: false, disabledReason: "by-owner" });
  for (let n = 0; n < 3; n++) await fileClosedAudit(product, issuer);
  await until(
    "they are held",
    async () => (await listNotifications(issuer, { "filter[status]": "held" })).length === 3,
  );
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
  expect((await getSubscription(issuer, id)).enabled).toBe(false);
});

test("page tokens continue a list, and work only for their issuer", async () => {
  const [issuer, other] = [await newIssuer(), await newIssuer()];
  const receiver = await newWebhookReceiver();
  await subscribe(issuer, receiver.url);
  for (let n = 0; n < 3; n++) await fileClosedAudit(product, issuer);
  await until("all are on record", async () => (await listNotifications(issuer)).length === 3);
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
