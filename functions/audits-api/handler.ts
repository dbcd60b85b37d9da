import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { openCallers } from "../adapters/callers.ts";
import { openConsoleFiles } from "../adapters/console-files.ts";
import { dynamoAdoptions } from "../adapters/dynamodb/adoptions.ts";
import { dynamoAuditListing } from "../adapters/dynamodb/audit-listing.ts";
import { dynamoAudits } from "../adapters/dynamodb/audits.ts";
import { dynamoDayFigures } from "../adapters/dynamodb/day-figures.ts";
import { dynamoEventFeed } from "../adapters/dynamodb/event-feed.ts";
import { dynamoKardAuditIds } from "../adapters/dynamodb/kard-audit-ids.ts";
import { dynamoNotifications } from "../adapters/dynamodb/notifications.ts";
import { dynamoOpenSnapshots } from "../adapters/dynamodb/open-snapshots.ts";
import { dynamoOwnership } from "../adapters/dynamodb/ownership.ts";
import { dynamoPollCursors } from "../adapters/dynamodb/polling/poll-cursors.ts";
import { dynamoStatsSource } from "../adapters/dynamodb/stats-source.ts";
import { dynamoSubscriptions } from "../adapters/dynamodb/subscriptions.ts";
import { openOwnTable } from "../adapters/dynamodb/table/table.ts";
import { openInteractiveKard } from "../adapters/kard/open-interactive-kard.ts";
import { openPublishing } from "../adapters/owner-targets/open-publishing.ts";
import { withAuditMetrics } from "../core/audits/audit-metrics.ts";
import { runInBackground } from "../platform/background-work.ts";
import { readEnvironment } from "../platform/environment.ts";
import { httpFunction } from "../platform/http.ts";
import { kardHooks } from "../platform/kard-hooks.ts";
import { logger, reportError, reportUnreadable } from "../platform/logger.ts";
import { metricsOf } from "../platform/metrics.ts";
import { reportRefusal } from "../platform/report-refusal.ts";
import { consoleRoutes } from "./console/serve-console.ts";
import { auditsApiEnvironment } from "./environment.ts";
import type { AuditsApiMetric } from "./metrics.ts";
import { respond } from "./respond.ts";
import { auditsApiRoutes } from "./routes.ts";

/** Read when it is first requested, because it is large. */
const openApi = async () => (await import("../../docs/contract/openapi.json", { with: { type: "json" } })).default;

const environment = readEnvironment(auditsApiEnvironment);
const { count } = metricsOf<AuditsApiMetric>();
const clock = Date.now;
const table = { ...openOwnTable(environment), reportUnreadable };
/** How long a call may wait for a slot of Kard's rate limit, in milliseconds. After that the lanes make it. */
const maxWaitMs = 2_000;
const { kard, secret } = openInteractiveKard(environment, table, { clock, maxWaitMs, ...kardHooks(count) });

const authenticate = openCallers(environment, table, clock, runInBackground);

export const handler = httpFunction({
  originSecretHashes: environment.ORIGIN_SECRET_SHA256,
  scopes: auditsApiRoutes,
  authenticate,
  routes: {
    ...consoleRoutes({
      files: openConsoleFiles(join(import.meta.dirname, "console")),
      signIn: environment.IDENTITY_PROVIDER?.console,
    }),
    "GET /openapi.json": { respond: async () => ({ statusCode: 200, body: await openApi() }) },
    ...respond({
      feed: dynamoEventFeed(table),
      source: dynamoStatsSource(table),
      dayFigures: dynamoDayFigures(table),
      openSnapshots: dynamoOpenSnapshots(table),
      cursors: dynamoPollCursors(table),
      retention: table.retention,
      audits: withAuditMetrics(dynamoAudits(table), count, logger),
      kardAuditIds: dynamoKardAuditIds(table),
      adoptions: dynamoAdoptions(table),
      listing: dynamoAuditListing(table),
      notifications: dynamoNotifications(table),
      subscriptions: dynamoSubscriptions(table),
      ...openPublishing(environment, reportRefusal(count)),
      kard,
      authenticate,
      provesOwnership: dynamoOwnership(table, secret),
      clock,
      reportError,
      random: Math.random,
      randomUuid: randomUUID,
      duplicateWindowMs: environment.DUPLICATE_WINDOW_SECONDS * 1_000,
      pollPlan: environment.POLL_PLAN,
      followUpAfterMs: environment.FOLLOW_UP_AFTER_MS,
    }),
  },
});
