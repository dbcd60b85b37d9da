import { randomBytes, randomUUID } from "node:crypto";
import { openCallers } from "../adapters/callers.ts";
import { dynamoAudits } from "../adapters/dynamo-audits.ts";
import { dynamoHeldNotifications } from "../adapters/dynamo-notification-lanes.ts";
import { dynamoNotificationListing } from "../adapters/dynamo-notification-listing.ts";
import { dynamoNotifications } from "../adapters/dynamo-notifications.ts";
import { dynamoSubscriptions } from "../adapters/dynamo-subscriptions.ts";
import { openOwnTable } from "../adapters/dynamo-table.ts";
import { openQueues, sqsDeliveries } from "../adapters/sqs-queues.ts";
import { webhookSender } from "../adapters/webhook-sender.ts";
import { beside } from "../platform/beside.ts";
import { readEnvironment } from "../platform/environment.ts";
import { httpFunction } from "../platform/http.ts";
import { subscriptionsApiEnvironment } from "./environment.ts";
import { respond } from "./respond.ts";
import { subscriptionsApiRoutes } from "./routes.ts";

const environment = readEnvironment(subscriptionsApiEnvironment);
const clock = Date.now;
const table = openOwnTable(environment);

export const handler = httpFunction({
  originSecretHashes: environment.ORIGIN_SECRET_SHA256,
  scopes: subscriptionsApiRoutes,
  authenticate: openCallers(environment, table, clock, beside),
  routes: respond({
    audits: dynamoAudits(table),
    subscriptions: dynamoSubscriptions(table),
    notifications: dynamoNotifications(table),
    notificationListing: dynamoNotificationListing(table),
    heldNotifications: dynamoHeldNotifications(table),
    deliveries: sqsDeliveries(openQueues(), environment.DELIVERIES_QUEUE_URL),
    webhooks: webhookSender(environment.WEBHOOK_TARGETS, clock),
    webhookTargets: environment.WEBHOOK_TARGETS,
    clock,
    randomBytes,
    randomUuid: randomUUID,
  }),
});
