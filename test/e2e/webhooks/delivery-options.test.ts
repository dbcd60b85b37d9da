import { expect, test } from "@jest/globals";
import { auditFields } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";
import { createSubscription, getSubscription } from "../support/webhooks/subscriptions.ts";
import { expectSigned } from "../support/webhooks/webhooks.ts";

const product = await startProduct({ tickSeconds: never, push: false });
const { auditsAtKard, kard, newIssuer, newWebhookReceiver } = product;

/** Twenty seconds of retries, for a busy machine. */
const retrySchedule = Array.from({ length: 20 }, () => 1);

test("an ordered subscription to thin payloads gets an audit's events in order, and shows how it went", async () => {
  const issuer = await newIssuer();
  const receiver = await newWebhookReceiver();
  const { id, attributes } = await createSubscription(issuer, {
    ...{ webhookUrl: receiver.url, eventNames: ["audit.in_progress", "audit.closed"] },
    ...{ payload: "thin", ordered: true, retrySchedule },
  });
  expect(attributes).toMatchObject({ payload: "thin", ordered: true, retrySchedule });
  receiver.respondWith(500);
  const fields = auditFields();
  const auditId = await issuer.file(fields);
  const [atKard] = auditsAtKard(fields.transactionId);
  const refresh = () => issuer.call("POST", `/v2/issuers/${issuer.organizationId}/audits/${auditId}/refresh`);
  kard.startAudit(atKard?.id ?? "");
  await refresh();
  await until("the first attempt has failed", () => receiver.received.length > 0);
  kard.closeAudit(atKard?.id ?? "");
  await refresh();
  receiver.respondWith(204);

  const statuses = () => receiver.received.map(({ body }) => JSON.parse(body).data.attributes.status as string);
  await until("the second event has come", () => statuses().includes("CLOSED"));
  expect(statuses().lastIndexOf("IN_PROGRESS")).toBeLessThan(statuses().indexOf("CLOSED"));
  const closed = receiver.received.at(-1);
  if (closed === undefined) throw new Error("nothing came");
  expectSigned(closed, String(attributes.secret));
  expect(JSON.parse(closed.body).data).toEqual({
    ...{ type: "audit", id: auditId, sequence: 2 },
    attributes: { organizationId: issuer.organizationId, status: "CLOSED" },
  });

  const figures = async () => (await getSubscription(issuer, id)).figures;
  await until("both are counted", async () => JSON.stringify(await figures()).includes('"delivered":2'));
  expect(await figures()).toMatchObject({
    last24Hours: { notifications: { delivered: 2 }, attempts: { succeeded: 2 }, successRate: expect.any(Number) },
    ...{ isComplete: true, sampledNotifications: 2, owedNotifications: 0 },
    ...{ lastSuccess: { statusCode: 204 }, lastFailure: { statusCode: 500 } },
  });
});
