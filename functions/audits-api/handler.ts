import { randomUUID } from "node:crypto";
import openApi from "../../docs/contract/openapi.json" with { type: "json" };
import { openCallers } from "../adapters/callers.ts";
import { dynamoApiKeys } from "../adapters/dynamo-api-keys.ts";
import { dynamoAuditListing } from "../adapters/dynamo-audit-listing.ts";
import { dynamoAudits } from "../adapters/dynamo-audits.ts";
import { dynamoIssuers } from "../adapters/dynamo-issuers.ts";
import { dynamoKardAuditIds } from "../adapters/dynamo-kard-audit-ids.ts";
import { dynamoNotifications } from "../adapters/dynamo-notifications.ts";
import { dynamoSubscriptions } from "../adapters/dynamo-subscriptions.ts";
import { openOwnTable } from "../adapters/dynamo-table.ts";
import { openInteractiveKard } from "../adapters/interactive-kard.ts";
import { openQueues, sqsDeliveries, sqsResolutions } from "../adapters/sqs-queues.ts";
import { consoleHeaders, consolePage } from "../console/page.ts";
import { observedAudits } from "../core/observed-audits.ts";
import { organizationsOfKeys, provesOwnership } from "../core/ownership.ts";
import { beside } from "../platform/beside.ts";
import { readEnvironment } from "../platform/environment.ts";
import { httpFunction } from "../platform/http.ts";
import { logger, reportError } from "../platform/logger.ts";
import { metricsOf } from "../platform/metrics.ts";
import { outboundCall } from "../platform/outbound-calls.ts";
import { reportRefusal } from "../platform/report-refusal.ts";
import { auditsApiEnvironment } from "./environment.ts";
import type { AuditsApiMetric } from "./metrics.ts";
import { respond } from "./respond.ts";
import { auditsApiRoutes } from "./routes.ts";

const environment = readEnvironment(auditsApiEnvironment);
const { count } = metricsOf<AuditsApiMetric>();
const clock = Date.now;
const table = openOwnTable(environment);
const queues = openQueues();
const onSqsRefusal = reportRefusal(count);
/** A caller waits for the answer; what gets no slot in this time is left to the lanes, in milliseconds. */
const maxWaitMs = 2_000;
const { kard, secret } = openInteractiveKard(environment, table, {
  clock,
  maxWaitMs,
  observe(call) {
    outboundCall("Kard", call);
    if (call.status === 401 || call.status === 403) count("KardCredentialRefused");
  },
  onRefused: () => count("KardCallsDeferred"),
  reportError,
  inBackground: beside,
});

export const handler = httpFunction({
  originSecretHashes: environment.ORIGIN_SECRET_SHA256,
  scopes: auditsApiRoutes,
  authenticate: openCallers(environment, table, clock, beside),
  routes: {
    "GET /console": { respond: async () => ({ statusCode: 200, html: consolePage, headers: { ...consoleHeaders } }) },
    "GET /openapi.json": { respond: async () => ({ statusCode: 200, body: openApi }) },
    ...respond({
      audits: observedAudits(dynamoAudits(table), count, logger),
      kardAuditIds: dynamoKardAuditIds(table),
      listing: dynamoAuditListing(table),
      notifications: dynamoNotifications(table),
      subscriptions: dynamoSubscriptions(table),
      resolutions: sqsResolutions(queues, environment.RESOLUTIONS_QUEUE_URL, onSqsRefusal),
      deliveries: sqsDeliveries(queues, environment.DELIVERIES_QUEUE_URL, onSqsRefusal),
      kard,
      provesOwnership: provesOwnership({
        credentials: secret,
        organizations: async () => [
          ...(await dynamoIssuers(table).list()),
          ...organizationsOfKeys(await dynamoApiKeys(table).list()),
        ],
      }),
      clock,
      reportError,
      random: Math.random,
      randomUuid: randomUUID,
      pollPlan: environment.POLL_PLAN,
    }),
  },
});
