import { randomBytes, randomUUID } from "node:crypto";
import { openCallers } from "../adapters/callers.ts";
import { dynamoAudits } from "../adapters/dynamodb/audits.ts";
import { dynamoHeldNotifications } from "../adapters/dynamodb/notification-lanes.ts";
import { dynamoNotificationListing } from "../adapters/dynamodb/notification-listing.ts";
import { dynamoNotificationStates } from "../adapters/dynamodb/notification-states.ts";
import { dynamoNotifications } from "../adapters/dynamodb/notifications.ts";
import { dynamoCallSchedule } from "../adapters/dynamodb/polling/call-schedule.ts";
import { dynamoSubscriptions } from "../adapters/dynamodb/subscriptions.ts";
import { openOwnTable } from "../adapters/dynamodb/table/table.ts";
import { openEventSender } from "../adapters/issuer-targets/event-sender.ts";
import { openQueues, sqsDeliveries } from "../adapters/sqs/queues.ts";
import { noTargets } from "../core/subscriptions/aws-target.ts";
import { runInBackground } from "../platform/background-work.ts";
import { readEnvironment } from "../platform/environment.ts";
import { httpFunction } from "../platform/http.ts";
import { reportError, reportUnreadable } from "../platform/logger.ts";
import { metricsOf } from "../platform/metrics.ts";
import { reportRefusal } from "../platform/report-refusal.ts";
import { subscriptionsApiEnvironment } from "./environment.ts";
import type { SubscriptionsApiMetric } from "./metrics.ts";
import { respond } from "./respond.ts";
import { subscriptionsApiRoutes } from "./routes.ts";

const { count } = metricsOf<SubscriptionsApiMetric>();
const environment = readEnvironment(subscriptionsApiEnvironment);
const clock = Date.now;
const table = { ...openOwnTable(environment), reportUnreadable };
const queues = openQueues();

export const handler = httpFunction({
  originSecretHashes: environment.ORIGIN_SECRET_SHA256,
  scopes: subscriptionsApiRoutes,
  authenticate: openCallers(environment, table, clock, runInBackground),
  routes: respond({
    audits: dynamoAudits(table),
    subscriptions: dynamoSubscriptions(table),
    notifications: dynamoNotifications(table),
    notificationListing: dynamoNotificationListing(table),
    notificationStates: dynamoNotificationStates(table),
    heldNotifications: dynamoHeldNotifications(table),
    deliveries: sqsDeliveries(queues, environment.DELIVERIES_QUEUE_URL, reportRefusal(count)),
    sender: openEventSender(environment, queues, clock, reportError),
    callSchedule: dynamoCallSchedule(table, { kind: "ENDPOINTRATE" }),
    webhookTargets: environment.WEBHOOK_TARGETS,
    allowedTargets: environment.ISSUER_TARGETS ?? noTargets,
    clock,
    reportError,
    randomBytes,
    randomUuid: randomUUID,
  }),
});
