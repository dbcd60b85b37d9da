import { dynamoAuditListing } from "../adapters/dynamo-audit-listing.ts";
import { dynamoAudits } from "../adapters/dynamo-audits.ts";
import { dynamoNotifications } from "../adapters/dynamo-notifications.ts";
import { dynamoSubscriptions } from "../adapters/dynamo-subscriptions.ts";
import { openTable } from "../adapters/dynamo-table.ts";
import { openKard } from "../adapters/kard.ts";
import { openQueues, sqsDeliveries, sqsResolutions } from "../adapters/sqs-queues.ts";
import { isKardSignature } from "../core/kard-signature.ts";
import { observedAudits } from "../core/observed-audits.ts";
import { readEnvironment } from "../platform/environment.ts";
import { httpFunction } from "../platform/http.ts";
import { httpError } from "../platform/http-error.ts";
import { readJson } from "../platform/json-body.ts";
import { metricsOf, outboundCall } from "../platform/metrics.ts";
import { auditUpdate } from "./audit-update.ts";
import { kardWebhookEnvironment } from "./environment.ts";
import type { KardWebhookMetric } from "./metrics.ts";
import { kardWebhookRoutes } from "./routes.ts";
import { takeHint } from "./take-hint.ts";

const environment = readEnvironment(kardWebhookEnvironment);
const { count } = metricsOf<KardWebhookMetric>();
const clock = Date.now;
const table = openTable(environment.TABLE_NAME);
const queues = openQueues();
const { kard, secret } = openKard(environment, clock, (call) => {
  outboundCall("Kard", call);
  if (call.status === 401 || call.status === 403) count("KardCredentialRefused");
});

const take = takeHint({
  audits: observedAudits(dynamoAudits(table), count),
  listing: dynamoAuditListing(table),
  subscriptions: dynamoSubscriptions(table),
  notifications: dynamoNotifications(table),
  resolutions: sqsResolutions(queues, environment.RESOLUTIONS_QUEUE_URL),
  deliveries: sqsDeliveries(queues, environment.DELIVERIES_QUEUE_URL),
  kard,
  clock,
});

export const handler = httpFunction({
  scopes: kardWebhookRoutes,
  authenticate: async () => ({ outcome: "unknown" }),
  routes: {
    "POST /kard/{organizationId}/notifications": {
      async respond({ parameters, headers, body }) {
        const organizationId = parameters.organizationId ?? "";
        const webhookKey = await secret.webhookKeyFor(organizationId);
        if (!isKardSignature(webhookKey, body.bytes, headers["notify-signature"] ?? "")) {
          throw httpError(401, "the signature is not Kard's", { header: "notify-signature" });
        }
        const { attributes, relationships } = readJson(auditUpdate, body).data;
        const { status, ...request } = attributes;
        const userId = relationships.user?.data.id;
        const result = await take({
          organizationId,
          kardAuditId: relationships.audit.data.id,
          status,
          userId,
          request,
        });
        count(result === "unknown-audit" ? "PushesForUnknownAudits" : "PushesTaken");
        return { statusCode: 200, body: { result } };
      },
    },
  },
});
