import { CfnOutput, Duration, RemovalPolicy, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { AuditsApiEnvironment } from "../functions/audits-api/environment.ts";
import type { DeliverWebhooksEnvironment } from "../functions/deliver-webhooks/environment.ts";
import type { KardWebhookEnvironment } from "../functions/kard-webhook/environment.ts";
import type { PollAuditsEnvironment, PollAuditsInput } from "../functions/poll-audits/environment.ts";
import type { SubscriptionsApiEnvironment } from "../functions/subscriptions-api/environment.ts";
import type { SweepOutboxEnvironment } from "../functions/sweep-outbox/environment.ts";
import type { Config } from "./config.ts";
import { AuditTable } from "./constructs/audit-table.ts";
import { BundledFunction } from "./constructs/bundled-function.ts";
import { DataKey } from "./constructs/data-key.ts";
import { KardSecret } from "./constructs/kard-secret.ts";
import { MessageQueue } from "./constructs/message-queue.ts";
import { PublicApi } from "./constructs/public-api.ts";
import { QueueWorker } from "./constructs/queue-worker.ts";
import { ScheduledFunction } from "./constructs/scheduled-function.ts";
import { auditsApiRoutes, kardWebhookRoutes, subscriptionsApiRoutes } from "./routes.ts";

/** The whole system: six functions, one table, two queues, one secret, one HTTP API. */
export class AuditTrackerStack extends Stack {
  constructor(scope: Construct, id: string, { config }: { config: Config }) {
    super(scope, id, { description: "Tracks Kard transaction audits until they are closed" });
    const removalPolicy = config.removalPolicy === "retain" ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const dataKey = new DataKey(this, "DataKey", { removalPolicy });
    const encrypted = { key: dataKey, removalPolicy };
    const queue = { ...encrypted, visibilityTimeout: Duration.minutes(6) };

    const table = new AuditTable(this, "Table", encrypted);
    const kardSecret = new KardSecret(this, "KardSecret", encrypted);
    const resolutions = new MessageQueue(this, "Resolutions", { ...queue, consumers: config.resolutionsConsumers });
    const deliveries = new MessageQueue(this, "Deliveries", queue);

    const logs = { logRetention: config.logRetentionDays, removalPolicy };
    const common = { ...logs, dataKey };
    const store = { TABLE_NAME: table.tableName };
    const queues = { RESOLUTIONS_QUEUE_URL: resolutions.queueUrl, DELIVERIES_QUEUE_URL: deliveries.queueUrl };
    const plan = { POLL_PLAN: JSON.stringify(config.pollPlan) };
    const webhooks = { WEBHOOK_TARGETS: config.webhookTargets };
    const kard = (requestsPerSecond: number) => ({
      KARD_API_URL: config.kardApiUrl,
      KARD_TOKEN_URL: config.kardTokenUrl,
      KARD_SECRET_ARN: kardSecret.secretArn,
      KARD_REQUESTS_PER_SECOND: String(requestsPerSecond),
    });
    const interactive = config.kardRequestsPerSecond * config.interactiveShare;
    const perInteractiveFunction = interactive / 2;
    const perPoller = (config.kardRequestsPerSecond - interactive) / config.pollers;
    const publish = [resolutions.allowSend(), deliveries.allowSend()];

    const auditsApi = new BundledFunction(this, "AuditsApi", {
      ...common,
      folder: "audits-api",
      description: "Takes audits in, hands them to Kard and shows where they stand",
      timeout: Duration.seconds(29),
      environment: { ...store, ...queues, ...kard(perInteractiveFunction), ...plan } satisfies AuditsApiEnvironment,
      grants: [
        table.allowItems("GetItem", "BatchGetItem", "PutItem", "UpdateItem"),
        table.allowIndexes("byIssuer", "byTransaction"),
        kardSecret.allowRead(),
        ...publish,
      ],
    });

    const subscriptionsApi = new BundledFunction(this, "SubscriptionsApi", {
      ...common,
      folder: "subscriptions-api",
      description: "Manages webhook subscriptions and shows and repeats what was sent to them",
      timeout: Duration.seconds(29),
      environment: {
        ...store,
        ...webhooks,
        DELIVERIES_QUEUE_URL: deliveries.queueUrl,
      } satisfies SubscriptionsApiEnvironment,
      grants: [
        table.allowItems("GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem"),
        table.allowIndexes("lanes", "byIssuer"),
        deliveries.allowSend(),
      ],
    });

    const kardWebhook = new BundledFunction(this, "KardWebhook", {
      ...common,
      folder: "kard-webhook",
      description: "Takes Kard's auditUpdate notifications as hints to look",
      timeout: Duration.seconds(29),
      environment: { ...store, ...queues, ...kard(perInteractiveFunction) } satisfies KardWebhookEnvironment,
      grants: [
        table.allowItems("GetItem", "BatchGetItem", "PutItem", "UpdateItem"),
        table.allowIndexes("byTransaction"),
        kardSecret.allowRead(),
        ...publish,
      ],
    });

    const api = new PublicApi(this, "Api", logs);
    api.route(auditsApi, auditsApiRoutes);
    api.route(subscriptionsApi, subscriptionsApiRoutes);
    api.route(kardWebhook, kardWebhookRoutes);

    new ScheduledFunction(this, "PollAudits", {
      ...common,
      folder: "poll-audits",
      description: "Submits what is waiting and polls the open audits that are due",
      timeout: Duration.seconds(55),
      everyMinute: shardsOf(config.pollers).map((shards) => ({ shards }) satisfies PollAuditsInput),
      everyDay: [{ replayFailedPushes: true } satisfies PollAuditsInput],
      environment: { ...store, ...queues, ...kard(perPoller), ...plan } satisfies PollAuditsEnvironment,
      grants: [
        table.allowItems("GetItem", "BatchGetItem", "PutItem", "UpdateItem"),
        table.allowIndexes("lanes", "byTransaction"),
        kardSecret.allowRead(),
        ...publish,
      ],
    });

    new ScheduledFunction(this, "SweepOutbox", {
      ...common,
      folder: "sweep-outbox",
      description: "Publishes whatever a crash left unpublished and sends the retries that are due",
      timeout: Duration.seconds(55),
      everyMinute: [{}],
      environment: { ...store, ...queues } satisfies SweepOutboxEnvironment,
      grants: [table.allowItems("GetItem", "PutItem", "UpdateItem"), table.allowIndexes("lanes", "outbox"), ...publish],
    });

    new QueueWorker(this, "DeliverWebhooks", {
      ...common,
      folder: "deliver-webhooks",
      description: "Delivers events to the issuers' webhooks",
      timeout: Duration.seconds(60),
      queue: deliveries,
      maxConcurrency: config.deliveryConcurrency,
      environment: {
        ...store,
        ...webhooks,
        DELIVERIES_QUEUE_URL: deliveries.queueUrl,
      } satisfies DeliverWebhooksEnvironment,
      grants: [table.allowItems("GetItem", "PutItem", "UpdateItem", "BatchWriteItem"), deliveries.allowSend()],
    });

    new CfnOutput(this, "ApiUrl", { value: api.apiEndpoint });
    new CfnOutput(this, "ConsoleUrl", { value: `${api.apiEndpoint}/console` });
    new CfnOutput(this, "ResolutionsQueueUrl", { value: resolutions.queueUrl });
    new CfnOutput(this, "DeliveriesQueueUrl", { value: deliveries.queueUrl });
    new CfnOutput(this, "TableName", { value: table.tableName });
    new CfnOutput(this, "KardSecretArn", { value: kardSecret.secretArn });
    new CfnOutput(this, "KardUrl", { value: config.kardApiUrl });
    new CfnOutput(this, "KardTokenUrl", { value: config.kardTokenUrl });
  }
}

/** The eight shards of a lane, divided among the pollers. */
function shardsOf(pollers: number): number[][] {
  const each = 8 / pollers;
  return Array.from({ length: pollers }, (_, poller) => Array.from({ length: each }, (_, i) => poller * each + i));
}
