import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "@jest/globals";
import { auditFields, type Issuer } from "./issuer.ts";
import type { Product } from "./product.ts";
import { until } from "./until.ts";
import { subscribe, verified } from "./webhooks/webhooks.ts";

/**
 * Files an audit, starts and closes it at Kard, and expects both events at all receivers, in order.
 *
 * @param apartMs time between start and close at Kard
 */
export async function expectJourney(product: Product, issuer: Issuer, apartMs = 0): Promise<void> {
  const { kard, auditsAtKard, resolutions } = product;
  const receiver = await product.newWebhookReceiver();
  const { secret } = await subscribe(issuer, receiver.url, ["audit.in_progress", "audit.closed"]);
  const fields = auditFields();
  const id = await issuer.file(fields);
  const [{ id: kardAuditId = "" } = {}] = auditsAtKard(fields.transactionId);

  kard.startAudit(kardAuditId);
  const [started] = await until(
    "the webhook for the start arrives",
    () => receiver.received.length >= 1 && receiver.received,
  );
  expect(started && verified(started, secret)).toMatchObject({
    type: "audit.in_progress",
    data: { id, sequence: 1, attributes: { ...fields, status: "IN_PROGRESS", kardAuditId } },
  });

  await sleep(apartMs);
  kard.closeAudit(kardAuditId, { resolutionCode: 5002, resolutionDescription: "Settlement amount will be adjusted" });
  const [, closed] = await until(
    "the webhook for the end arrives",
    () => receiver.received.length >= 2 && receiver.received,
  );
  expect(closed && verified(closed, secret)).toMatchObject({
    type: "audit.closed",
    data: { id, sequence: 2, attributes: { ...fields, status: "CLOSED", resolutionCode: 5002 } },
  });

  const onQueue = () => resolutions.received.filter(({ body }) => body.includes(id));
  const [resolution] = await until("it is on the queue", () => onQueue().length > 0 && onQueue());
  expect(resolution).toEqual({
    at: expect.any(Number),
    body: closed?.body,
    attributes: { type: "audit.closed", organizationId: issuer.organizationId, resolutionCode: "5002" },
  });

  await until("both deliveries are on record", async () => {
    const { attributes } = await issuer.audit(id);
    return attributes.notifications.length === 2;
  });
  const { attributes } = await issuer.audit(id);
  expect(attributes.notifications).toMatchObject([
    { sequence: 1, status: "delivered", attempts: 1 },
    { sequence: 2, status: "delivered", attempts: 1 },
  ]);
  expect(attributes.timeline.filter(({ what }) => what === "delivery")).toHaveLength(2);
  expect(receiver.received).toHaveLength(2);
  expect(onQueue()).toHaveLength(1);
}
