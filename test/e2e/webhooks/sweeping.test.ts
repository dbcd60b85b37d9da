import { expect, test } from "@jest/globals";
import { lanePartition, outboxPartition } from "../../../functions/adapters/dynamodb/table/lane-partitions.ts";
import { statsResponse } from "../../../functions/audits-api/stats-shapes.ts";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import { alwaysCounted } from "../../../functions/core/stats/open-snapshot.ts";
import { auditFields } from "../support/issuer.ts";
import { startProduct } from "../support/product.ts";
import { auditRow, leaveUnpublished, storedRows } from "../support/stored-rows.ts";
import { until } from "../support/until.ts";
import { subscribe } from "../support/webhooks/webhooks.ts";

const { newIssuer, newWebhookReceiver, kard, auditsAtKard, resolutions, outputs } = await startProduct();
const rows = storedRows(outputs);

test("the sweep publishes unpublished events, and holds them for a disabled endpoint", async () => {
  const issuer = await newIssuer();
  const [well, off] = [await newWebhookReceiver(), await newWebhookReceiver()];
  const [enabled, disabled] = [await subscribe(issuer, well.url), await subscribe(issuer, off.url)];
  const fields = auditFields();
  const id = await issuer.file(fields);
  kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  await until("both are told", () => well.received.length === 1 && off.received.length === 1);
  const statuses = async () => (await issuer.audit(id)).attributes.notifications.map(({ status }) => status);
  await until("both are on record", async () => (await statuses()).join() === "delivered,delivered");
  const row = auditRow(issuer.organizationId, id);
  const eventOf = async () => ((await rows.get(row)).events as Record<string, Record<string, unknown>>).e1 ?? {};
  await until("it counts as published", async () => (await eventOf()).publishedAt !== undefined);

  // As after a crash between the write and its follow-up.
  for (const told of [enabled, disabled]) await rows.delete({ pk: row.pk, sk: `NOTIFICATION#1#${told.id}` });
  const path = `/v2/issuers/${issuer.organizationId}/subscriptions/${disabled.id}`;
  const body = { data: { type: "subscription", attributes: { enabled: false } } };
  expect(await issuer.call("PATCH", path, { body })).toMatchObject({ status: 200 });
  await leaveUnpublished(rows, issuer.organizationId, id, "e1");
  await rows.set(row, [
    [["outbox"], outboxPartition(issuer.organizationId, shardOf(id))],
    [["outboxAt"], Date.now()],
  ]);

  // Two concurrent sweeps can publish twice.
  await until("the sweep delivers to one endpoint", () => well.received.length >= 2);
  expect(well.received[1]?.body).toBe(well.received[0]?.body);
  await until("the sweep holds it for the other", async () => (await statuses()).sort().join() === "delivered,held");
  expect(off.received).toHaveLength(1);
  await until(
    "the sweep sends it to the queue",
    () => resolutions.received.filter(({ body: text }) => text.includes(id)).length >= 2,
  );

  await until("the audit leaves the outbox", async () => (await rows.get(row)).outbox === undefined);

  // After enabling, the sweep also sends held notifications.
  body.data.attributes.enabled = true;
  expect(await issuer.call("PATCH", path, { body })).toMatchObject({ status: 200 });
  await until("the held webhooks arrive", () => off.received.length === 2);
  const subscriptionRow = { pk: `ISSUER#${issuer.organizationId}`, sk: `SUBSCRIPTION#${disabled.id}` };
  if ((await rows.get(subscriptionRow)).outboxAt !== undefined)
    await rows.set(subscriptionRow, [[["outboxAt"], Date.now()]]);
  await until("the sweep has finished it", async () => (await rows.get(subscriptionRow)).outboxAt === undefined);
});

test("the sweep sends a retry whose message was lost", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  const { id: subscriptionId } = await subscribe(issuer, receiver.url);
  receiver.respondWith(500);
  const fields = auditFields();
  const id = await issuer.file(fields);
  kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  const row = { pk: auditRow(issuer.organizationId, id).pk, sk: `NOTIFICATION#1#${subscriptionId}` };
  await until("its failure is on record", async () => (await rows.get(row)).attemptCount === 1);
  receiver.respondWith(200);
  await rows.set(row, [
    [["lane"], lanePartition("DELIVER", issuer.organizationId, shardOf(id))],
    [["laneAt"], Date.now()],
  ]);
  await until("it is delivered", async () => (await rows.get(row)).status === "delivered");
});

test("the sweep cancels held notifications of a deleted subscription, and removes its row", async () => {
  const issuer = await newIssuer();
  const { id: subscriptionId } = await subscribe(issuer, "http://127.0.0.1:9/");
  const path = `/v2/issuers/${issuer.organizationId}/subscriptions/${subscriptionId}`;
  const body = { data: { type: "subscription", attributes: { enabled: false } } };
  expect(await issuer.call("PATCH", path, { body })).toMatchObject({ status: 200 });
  const fields = auditFields();
  const id = await issuer.file(fields);
  kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  const status = async () => (await issuer.audit(id)).attributes.notifications[0]?.status;
  await until("it is held", async () => (await status()) === "held");
  expect(await issuer.call("GET", path)).toMatchObject({ json: { data: { attributes: { heldNotifications: 1 } } } });

  expect(await issuer.call("DELETE", path)).toMatchObject({ status: 204 });
  await until("it is cancelled", async () => (await status()) === "delivery_failed");
  const left = { pk: `ISSUER#${issuer.organizationId}`, sk: `SUBSCRIPTION#${subscriptionId}` };
  await until("the sweep looks again later", async () => Number((await rows.get(left)).outboxAt) > Date.now());
  await rows.set(left, [
    [["deletedAt"], Date.now() - 3 * 60_000],
    [["outboxAt"], Date.now()],
  ]);
  await until("nothing is left of it", async () => (await rows.get(left)).pk === undefined);
});

test("figures of many open audits come from a snapshot, which the sweep refreshes", async () => {
  const issuer = await newIssuer();
  await issuer.file(auditFields());
  const figures = async () => {
    const { json } = await issuer.call("GET", `/v2/issuers/${issuer.organizationId}/stats`);
    return statsResponse.parse(json).data.attributes;
  };
  const now = Date.now();
  const row = { pk: `STATS#${issuer.organizationId}`, sk: "OPEN" };
  const many = alwaysCounted + 1;
  await rows.set(row, [
    [["asOf"], now],
    [["audits"], many],
    [["byAge"], { "0-7": { NEW: many } }],
    [["amounts"], {}],
    [["isComplete"], true],
    [["revision"], 1],
    [["askedAt"], now],
  ]);
  expect((await figures()).open).toMatchObject({ byAge: { "0-7": { NEW: many } }, asOf: new Date(now).toISOString() });

  await rows.set(row, [
    [["lane"], "SNAPSHOT"],
    [["laneAt"], now],
  ]);
  await until("the sweep counts again", async () => (await rows.get(row)).audits === 1);
  const { open, asOf } = await figures();
  expect(open).toMatchObject({ byAge: { "0-7": { NEW: 1 } }, asOf });
  expect(await rows.get(row)).not.toHaveProperty("lane");
});
