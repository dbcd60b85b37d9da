import { setTimeout } from "node:timers/promises";
import { dynamoEventFeed } from "../adapters/dynamodb/event-feed.ts";
import { dynamoNotificationStates } from "../adapters/dynamodb/notification-states.ts";
import { dynamoNotifications } from "../adapters/dynamodb/notifications.ts";
import { dynamoCallSchedule } from "../adapters/dynamodb/polling/call-schedule.ts";
import { dynamoSubscriptions } from "../adapters/dynamodb/subscriptions.ts";
import { openOwnTable } from "../adapters/dynamodb/table/table.ts";
import { openEventSender } from "../adapters/issuer-targets/event-sender.ts";
import { openContacts } from "../adapters/owner-targets/open-contacts.ts";
import { openPublishing } from "../adapters/owner-targets/open-publishing.ts";
import { sqsDeliveries } from "../adapters/sqs/queues.ts";
import { endpointSlots } from "../core/subscriptions/endpoint-slots.ts";
import { cacheSubscriptions } from "../core/subscriptions/subscription-cache.ts";
import { readEnvironment } from "../platform/environment.ts";
import { describe, logger, reportError } from "../platform/logger.ts";
import { metricsOf, publishMetrics } from "../platform/metrics.ts";
import { reportRefusal } from "../platform/report-refusal.ts";
import { sqsFunction } from "../platform/sqs.ts";
import { type DeliverResult, deliverWebhook } from "./deliver-webhook.ts";
import { deliverWebhooksEnvironment } from "./environment.ts";
import type { DeliverWebhooksMetric } from "./metrics.ts";
import { isSuspect, type ReceivedDelivery, readRecord } from "./read-record.ts";
import { recordDelivered } from "./record-delivered.ts";

const environment = readEnvironment(deliverWebhooksEnvironment);
const { count } = metricsOf<DeliverWebhooksMetric>();
const clock = Date.now;
const sleep = (ms: number) => setTimeout(ms, undefined, { ref: false });
const table = openOwnTable(environment);
const notifications = dynamoNotifications(table);
const subscriptions = dynamoSubscriptions(table);
const onRefused = reportRefusal(count);
const { queues, ...publishing } = openPublishing(environment, onRefused);
const report = (what: string, error: unknown) =>
  logger.warn("a part of a delivery failed", { what, ...describe(error) });
const record = recordDelivered({ notifications, report });

const deliver = deliverWebhook({
  subscriptions,
  subscriptionCache: cacheSubscriptions(subscriptions, clock),
  notifications,
  endpointSlots: endpointSlots({ schedule: dynamoCallSchedule(table, { kind: "ENDPOINTRATE" }), clock, sleep }),
  notificationStates: dynamoNotificationStates(table),
  ...publishing,
  ...openContacts(environment, onRefused),
  slowDeliveries: sqsDeliveries(queues, environment.SLOW_DELIVERIES_QUEUE_URL, onRefused),
  feed: dynamoEventFeed(table),
  sender: openEventSender(environment, queues, clock, reportError),
  clock,
  sleep,
  random: Math.random,
  report,
});

export const handler = sqsFunction<ReceivedDelivery, DeliverResult>({
  read: (record) => readRecord(record, environment.SLOW_DELIVERIES_QUEUE_ARN),
  isSuspect,
  work: ({ delivery, ...source }) => deliver(delivery, source),
  async finish(done) {
    for (const [result, { length }] of Map.groupBy(done, ({ result }) => result.result))
      count(metricOf[result], length);
    const failing = done.filter(({ result }) => "endpointFailsForLong" in result);
    if (failing.length > 0) count("EndpointsFailing", failing.length);
    publishMetrics();
    const attempts = done.map(({ message: { delivery }, result: { result } }) => {
      const { organizationId, auditId, eventId, subscriptionId, attemptCount } = delivery;
      return { organizationId, auditId, eventId, subscriptionId, attemptCount, result };
    });
    logger.info("attempts", { attempts });
    return record(done);
  },
});

const metricOf = {
  delivered: "WebhooksDelivered",
  retry: "WebhooksToRetry",
  deferred: "WebhooksDeferred",
  rerouted: "WebhooksRerouted",
  exhausted: "WebhooksExhausted",
  held: "WebhooksHeld",
  disabled: "SubscriptionsDisabled",
  skipped: "WebhooksSkipped",
} as const satisfies Record<DeliverResult["result"], DeliverWebhooksMetric>;
