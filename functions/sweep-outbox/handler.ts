import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { dynamoAudits } from "../adapters/dynamodb/audits.ts";
import { dynamoEventFeed } from "../adapters/dynamodb/event-feed.ts";
import { dynamoIssuers } from "../adapters/dynamodb/issuers.ts";
import { dynamoDeliveryLane, dynamoHeldNotifications } from "../adapters/dynamodb/notification-lanes.ts";
import { dynamoNotifications } from "../adapters/dynamodb/notifications.ts";
import { dynamoOpenSnapshots } from "../adapters/dynamodb/open-snapshots.ts";
import { dynamoOutbox } from "../adapters/dynamodb/outbox.ts";
import { dynamoPollCursors } from "../adapters/dynamodb/polling/poll-cursors.ts";
import { dynamoStatsSource } from "../adapters/dynamodb/stats-source.ts";
import { dynamoSubscriptionOutbox, dynamoSubscriptions } from "../adapters/dynamodb/subscriptions.ts";
import { openOwnTable } from "../adapters/dynamodb/table/table.ts";
import { openContacts } from "../adapters/owner-targets/open-contacts.ts";
import { openPublishing } from "../adapters/owner-targets/open-publishing.ts";
import { cachedSubscriptionLists } from "../core/subscriptions/subscription-list-cache.ts";
import { readEnvironment } from "../platform/environment.ts";
import { describe, logger } from "../platform/logger.ts";
import { metricsOf, publishMetrics } from "../platform/metrics.ts";
import { middyOptions } from "../platform/middy-options.ts";
import { reportRefusal } from "../platform/report-refusal.ts";
import { sweepOutboxEnvironment } from "./environment.ts";
import type { SweepOutboxMetric } from "./metrics.ts";
import { sweepAll } from "./sweep-all.ts";

const environment = readEnvironment(sweepOutboxEnvironment);
const { count, seconds } = metricsOf<SweepOutboxMetric>();
const clock = Date.now;
const table = openOwnTable(environment);
const subscriptions = dynamoSubscriptions(table);
const onRefused = reportRefusal(count);

const sweep = sweepAll({
  issuers: dynamoIssuers(table),
  feed: dynamoEventFeed(table),
  audits: dynamoAudits(table),
  outbox: dynamoOutbox(table),
  deliveryLane: dynamoDeliveryLane(table),
  heldNotifications: dynamoHeldNotifications(table),
  subscriptionOutbox: dynamoSubscriptionOutbox(table),
  subscriptions: { ...subscriptions, ...cachedSubscriptionLists(subscriptions, clock) },
  notifications: dynamoNotifications(table),
  source: dynamoStatsSource(table),
  openSnapshots: dynamoOpenSnapshots(table),
  cursors: dynamoPollCursors(table),
  pollPlan: environment.POLL_PLAN,
  ...openPublishing(environment, onRefused),
  ...openContacts(environment, onRefused),
  clock,
});

/** The time reserved for the last writes before Lambda's timeout, in milliseconds. */
const deadlineMarginMs = 10_000;

export const handler = middy(middyOptions).handler(async (_event: unknown, context: Context) => {
  const stopAt = clock() + context.getRemainingTimeInMillis() - deadlineMarginMs;
  const { outbox, deliveries, failures } = await sweep(stopAt);
  if (outbox?.lagMs !== undefined) seconds("OutboxLagSeconds", outbox.lagMs / 1_000);
  if (deliveries !== undefined) seconds("DeliveryLagSeconds", deliveries.lagMs / 1_000);
  count("OutboxSwept", outbox?.swept ?? 0);
  count("RetriesSent", deliveries?.sent ?? 0);
  count("SweepFailures", failures.length);
  publishMetrics();
  logger.info("sweep", { swept: outbox?.swept, retriesSent: deliveries?.sent });
  const [first] = failures;
  if (first !== undefined) {
    logger.error("the sweep left some rows unfinished", { failures: failures.length, ...describe(first) });
    throw new Error(`${failures.length} rows could not be swept`);
  }
});
