import { expect, test } from "@jest/globals";
import { auditFields } from "../support/issuer.ts";
import { expectJourney } from "../support/journey.ts";
import { startProduct } from "../support/product.ts";
import { leaveUnpublished, storedRows } from "../support/stored-rows.ts";
import { until } from "../support/until.ts";
import { subscribe, verified } from "../support/webhooks/webhooks.ts";

const product = await startProduct({ push: false });
const { newIssuer, newWebhookReceiver, kard, auditsAtKard, resolutions } = product;
const rows = storedRows(product.outputs);

test("without pushes, polling alone publishes and delivers", async () => {
  await expectJourney(product, await newIssuer());
});

test("an audit closed between two polls has only the closed event", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  const { secret } = await subscribe(issuer, receiver.url, ["audit.in_progress", "audit.closed"]);
  const fields = auditFields();
  const id = await issuer.file(fields);
  const [{ id: kardAuditId = "" } = {}] = auditsAtKard(fields.transactionId);
  kard.startAudit(kardAuditId);
  kard.closeAudit(kardAuditId);
  const [webhook] = await until("the webhook arrives", () => receiver.received.length > 0 && receiver.received);
  expect(webhook && verified(webhook, secret)).toMatchObject({ type: "audit.closed", data: { id, sequence: 1 } });
});

test("a webhook gets only its issuer's audits and its events", async () => {
  const [issuer, other] = [await newIssuer(), await newIssuer()];
  const [onlyClosed, others] = [await newWebhookReceiver(), await newWebhookReceiver()];
  await subscribe(issuer, onlyClosed.url);
  await subscribe(other, others.url, ["audit.in_progress", "audit.closed"]);
  const fields = auditFields();
  const id = await issuer.file(fields);
  const [{ id: kardAuditId = "" } = {}] = auditsAtKard(fields.transactionId);
  kard.startAudit(kardAuditId);
  await until("it is IN_PROGRESS", async () => (await issuer.audit(id)).attributes.status === "IN_PROGRESS");
  kard.closeAudit(kardAuditId);
  await until("the queue has it", () => resolutions.received.some(({ body }) => body.includes(id)));
  const [webhook] = await until("the webhook arrives", () => onlyClosed.received.length > 0 && onlyClosed.received);
  expect(webhook?.body).toContain('"audit.closed"');
  expect(onlyClosed.received).toHaveLength(1);
  expect(others.received).toHaveLength(0);
});

test("a failed webhook is retried with the same event and bytes", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  const { secret } = await subscribe(issuer, receiver.url);
  receiver.respondWith(500);
  const fields = auditFields();
  const id = await issuer.file(fields);
  kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  await until("it fails", () => receiver.received.length === 1);
  receiver.respondWith(200);
  const [first, second] = await until("it is retried", () => receiver.received.length === 2 && receiver.received);
  expect(second && verified(second, secret)).toEqual(first && verified(first, secret));
  expect(second?.body).toBe(first?.body);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(4_000);
  await until("its delivery is on record", async () => {
    const [notification] = (await issuer.audit(id)).attributes.notifications;
    return notification?.status === "delivered" && notification.attempts === 2;
  });
});

test("webhooks for a disabled endpoint are held", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  const { id: subscriptionId } = await subscribe(issuer, receiver.url);
  const body = { data: { type: "subscription", attributes: { enabled: false } } };
  await issuer.call("PATCH", `/v2/issuers/${issuer.organizationId}/subscriptions/${subscriptionId}`, { body });
  const fields = auditFields();
  const id = await issuer.file(fields);
  kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  const status = async () => (await issuer.audit(id)).attributes.notifications[0]?.status;
  await until("it is held", async () => (await status()) === "held");
  expect(receiver.received).toHaveLength(0);
});

test("a poll also publishes earlier unpublished events", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  await subscribe(issuer, receiver.url, ["audit.in_progress", "audit.closed"]);
  const fields = auditFields();
  const id = await issuer.file(fields);
  const [{ id: kardAuditId = "" } = {}] = auditsAtKard(fields.transactionId);
  kard.startAudit(kardAuditId);
  await until("it has begun", () => receiver.received.length === 1);
  await leaveUnpublished(rows, issuer.organizationId, id, "e1");
  kard.closeAudit(kardAuditId);
  await until("its end arrives", () => receiver.received.some(({ body }) => body.includes('"audit.closed"')));
  const { notifications } = (await issuer.audit(id)).attributes;
  expect(notifications.map(({ sequence }) => sequence)).toEqual([1, 2]);
});
