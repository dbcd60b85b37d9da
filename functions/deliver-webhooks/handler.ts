import { setTimeout as sleep } from "node:timers/promises";
import { dynamoNotifications } from "../adapters/dynamo-notifications.ts";
import { dynamoSubscriptions } from "../adapters/dynamo-subscriptions.ts";
import { openOwnTable } from "../adapters/dynamo-table.ts";
import { openQueues, sqsDeliveries } from "../adapters/sqs-queues.ts";
import { webhookSender } from "../adapters/webhook-sender.ts";
import { rememberedSubscriptions } from "../core/remembered-subscriptions.ts";
import { readEnvironment } from "../platform/environment.ts";
import { logger } from "../platform/logger.ts";
import { metricsOf, publishMetrics } from "../platform/metrics.ts";
import { sqsFunction } from "../platform/sqs.ts";
import { deliverWebhook } from "./deliver-webhook.ts";
import { deliverWebhooksEnvironment } from "./environment.ts";
import type { DeliverWebhooksMetric } from "./metrics.ts";
import { readRecord } from "./read-record.ts";

const environment = readEnvironment(deliverWebhooksEnvironment);
const { count } = metricsOf<DeliverWebhooksMetric>();
const clock = Date.now;
const table = openOwnTable(environment);
const notifications = dynamoNotifications(table);
const subscriptions = dynamoSubscriptions(table);
const queues = openQueues();

const deliver = deliverWebhook({
  subscriptions,
  remembered: rememberedSubscriptions(subscriptions, clock),
  notifications,
  deliveries: sqsDeliveries(queues, environment.DELIVERIES_QUEUE_URL),
  slowDeliveries: sqsDeliveries(queues, environment.SLOW_DELIVERIES_QUEUE_URL),
  webhooks: webhookSender(environment.WEBHOOK_TARGETS, clock),
  clock,
  sleep: (ms) => sleep(ms, undefined, { ref: false }),
  random: Math.random,
});

export const handler = sqsFunction(
  async (record) => {
    const { asked, ...way } = readRecord(record, environment.SLOW_DELIVERIES_QUEUE_ARN);
    return { asked, outcome: await deliver(asked, way) };
  },
  async (done) => {
    for (const [result, { length }] of Map.groupBy(done, ({ result }) => result.outcome.result)) {
      count(metricOf[result], length);
    }
    publishMetrics();
    const attempts = done.map(({ result: { asked, outcome } }) => {
      const { organizationId, auditId, eventId, subscriptionId, attemptCount } = asked;
      return { organizationId, auditId, eventId, subscriptionId, attemptCount, result: outcome.result };
    });
    logger.info("attempts", { attempts });
    const delivered = done.flatMap(({ result: { outcome } }) =>
      outcome.result === "delivered" ? [outcome.notification] : [],
    );
    await notifications.putDelivered(delivered);
  },
);

const metricOf = {
  delivered: "WebhooksDelivered",
  retry: "WebhooksToRetry",
  "put-off": "WebhooksPutOff",
  moved: "WebhooksMovedToSlow",
  "given-up": "WebhooksGivenUp",
  held: "WebhooksHeld",
  disabled: "SubscriptionsDisabled",
  "not-owed": "WebhooksNotOwed",
} as const;
