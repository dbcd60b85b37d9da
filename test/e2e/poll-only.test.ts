import { expect, test } from "@jest/globals";
import { auditFields } from "./support/issuer.ts";
import { expectJourney } from "./support/journey.ts";
import { startProduct } from "./support/product.ts";
import { leaveUnpublished, storedRows } from "./support/stored-rows.ts";
import { until } from "./support/until.ts";
import { subscribe, verified } from "./support/webhooks.ts";

const product = await startProduct({ push: false });
const { newIssuer, newWebhookReceiver, kard, auditsAtKard, resolutions } = product;
const rows = storedRows(product.outputs);

test("without Kard's push, polling alone finds out and everyone is told", async () => {
  await expectJourney(product, await newIssuer());
});

test("an audit that is closed between two looks has one event, its end", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  const { secret } = await subscribe(issuer, receiver.url, ["audit.in_progress", "audit.closed"]);
  const fields = auditFields();
  const id = await issuer.file(fields);
  const [{ id: kardAuditId = "" } = {}] = auditsAtKard(fields.transactionId);
  kard.startAudit(kardAuditId);
  kard.closeAudit(kardAuditId);
  const [webhook] = await until("the webhook hears of it", () => receiver.received.length > 0 && receiver.received);
  expect(webhook && verified(webhook, secret)).toMatchObject({ type: "audit.closed", data: { id, sequence: 1 } });
});

test("a webhook is told only of its own issuer's audits, and of what it asked for", async () => {
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
  await until("the queue hears of it", () => resolutions.received.some(({ body }) => body.includes(id)));
  const [webhook] = await until("the webhook hears of it", () => onlyClosed.received.length > 0 && onlyClosed.received);
  expect(webhook?.body).toContain('"audit.closed"');
  expect(onlyClosed.received).toHaveLength(1);
  expect(others.received).toHaveLength(0);
});

test("a webhook that fails is tried again, with the same event and the same bytes", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  const { secret } = await subscribe(issuer, receiver.url);
  receiver.answerWith(500);
  const fields = auditFields();
  const id = await issuer.file(fields);
  kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  await until("it fails", () => receiver.received.length === 1);
  receiver.answerWith(200);
  const [first, second] = await until("it is tried again", () => receiver.received.length === 2 && receiver.received);
  expect(second && verified(second, secret)).toEqual(first && verified(first, secret));
  expect(second?.body).toBe(first?.body);
  expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(4_000);
  await until("its delivery is on record", async () => {
    const [notification] = (await issuer.audit(id)).attributes.notifications;
    return notification?.status === "delivered" && notification.attempts === 2;
  });
});

test("what is closed while an endpoint is disabled is held for it", async () => {
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

test("a poll publishes what an earlier function left unpublished, too", async () => {
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
