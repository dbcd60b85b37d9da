import { issuerLimit } from "../adapters/callers.ts";
import { dynamoAuditListing } from "../adapters/dynamodb/audit-listing.ts";
import { dynamoAudits } from "../adapters/dynamodb/audits.ts";
import { dynamoEventFeed } from "../adapters/dynamodb/event-feed.ts";
import { dynamoKardAuditIds } from "../adapters/dynamodb/kard-audit-ids.ts";
import { dynamoNotifications } from "../adapters/dynamodb/notifications.ts";
import { dynamoSubscriptions } from "../adapters/dynamodb/subscriptions.ts";
import { openOwnTable } from "../adapters/dynamodb/table/table.ts";
import { openInteractiveKard } from "../adapters/kard/open-interactive-kard.ts";
import { openPublishing } from "../adapters/owner-targets/open-publishing.ts";
import { withAuditMetrics } from "../core/audits/audit-metrics.ts";
import { runInBackground } from "../platform/background-work.ts";
import { readEnvironment } from "../platform/environment.ts";
import { httpFunction } from "../platform/http.ts";
import { kardHooks } from "../platform/kard-hooks.ts";
import { logger, reportError } from "../platform/logger.ts";
import { metricsOf } from "../platform/metrics.ts";
import { reportRefusal } from "../platform/report-refusal.ts";
import { kardWebhookEnvironment } from "./environment.ts";
import type { KardWebhookMetric } from "./metrics.ts";
import { respond } from "./respond.ts";
import { kardWebhookRoutes } from "./routes.ts";

const environment = readEnvironment(kardWebhookEnvironment);
const { count } = metricsOf<KardWebhookMetric>();
const clock = Date.now;
const table = openOwnTable(environment);
/**
 * How long a call may wait for a slot, in milliseconds. It is short because no person waits, and the poller retries
 * soon.
 */
const maxWaitMs = 500;
const { kard, secret } = openInteractiveKard(environment, table, { clock, maxWaitMs, ...kardHooks(count) });

export const handler = httpFunction({
  originSecretHashes: environment.ORIGIN_SECRET_SHA256,
  scopes: kardWebhookRoutes,
  authenticate: async () => ({ outcome: "unknown" }),
  routes: respond({
    feed: dynamoEventFeed(table),
    audits: withAuditMetrics(dynamoAudits(table), count, logger),
    kardAuditIds: dynamoKardAuditIds(table),
    listing: dynamoAuditListing(table),
    subscriptions: dynamoSubscriptions(table),
    notifications: dynamoNotifications(table),
    ...openPublishing(environment, reportRefusal(count)),
    kard,
    followUpAfterMs: environment.FOLLOW_UP_AFTER_MS,
    clock,
    reportError,
    secret,
    limitPushes: issuerLimit("push", environment.ISSUER_REQUESTS_PER_SECOND, table, clock, runInBackground),
    onTaken: (result) => count(result === "unknown-audit" ? "PushesForUnknownAudits" : "PushesTaken"),
  }),
});
