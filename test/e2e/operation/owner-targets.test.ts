import { expect, test } from "@jest/globals";
import { queueOfBus, queueOfTopic } from "../../../infra/local/event-queues.ts";
import { auditFields } from "../support/issuer.ts";
import { startProduct } from "../support/product.ts";
import { consumeQueue } from "../support/resolutions.ts";
import { until } from "../support/until.ts";

const { newIssuer, kard, auditsAtKard, resolutions, outputs } = await startProduct();
const { SqsEndpoint: endpoint, EventBusArn: busArn, EventTopicArn: topicArn } = outputs;
const ofTopic = consumeQueue(endpoint, (await queueOfTopic(endpoint, topicArn)).queueUrl);
const ofBus = consumeQueue(endpoint, (await queueOfBus(endpoint, busArn)).queueUrl);

const about = (id: string, { received }: { received: readonly { body: string; attributes: object }[] }) =>
  received.filter(({ body }) => body.includes(id));

test("the topic and the bus get all events, and the queue only resolutions, with the same contents", async () => {
  const issuer = await newIssuer();
  const fields = auditFields();
  const id = await issuer.file(fields);
  const [{ id: kardAuditId = "" } = {}] = auditsAtKard(fields.transactionId);
  kard.startAudit(kardAuditId);
  await until("the start is at the topic", () => about(id, ofTopic).length === 1);
  kard.closeAudit(kardAuditId);
  const onTopic = await until("both are at the topic", () => about(id, ofTopic).length === 2 && about(id, ofTopic));
  const onBus = await until("both are on the bus", () => about(id, ofBus).length === 2 && about(id, ofBus));
  const [onQueue] = await until(
    "one is on the queue",
    () => about(id, resolutions).length === 1 && about(id, resolutions),
  );

  const [started, closed] = onTopic.toSorted((a, b) => sequenceOf(a.body) - sequenceOf(b.body));
  expect(closed?.body).toBe(onQueue?.body);
  expect(started?.attributes).toEqual({ type: "audit.in_progress", organizationId: issuer.organizationId });
  expect(closed?.attributes).toEqual(onQueue?.attributes);
  const envelopes = onBus
    .map(({ body }) => JSON.parse(body))
    .toSorted((a, b) => a.detail.data.sequence - b.detail.data.sequence);
  expect(envelopes).toMatchObject([
    { source: "kard-audit-tracker", "detail-type": "audit.in_progress", detail: JSON.parse(started?.body ?? "") },
    { source: "kard-audit-tracker", "detail-type": "audit.closed", detail: JSON.parse(closed?.body ?? "") },
  ]);
  await Promise.all([ofTopic.stop(), ofBus.stop()]);
});

const sequenceOf = (body: string): number => JSON.parse(body).data.sequence;
