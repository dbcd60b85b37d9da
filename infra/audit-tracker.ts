import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Duration, Names, RemovalPolicy } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { AuditsApiEnvironment } from "../functions/audits-api/environment.ts";
import type { WebhookTargets } from "../functions/core/webhook-url.ts";
import type { DeliverWebhooksEnvironment } from "../functions/deliver-webhooks/environment.ts";
import type { KardWebhookEnvironment } from "../functions/kard-webhook/environment.ts";
import type { PollAuditsEnvironment, PollAuditsInput } from "../functions/poll-audits/environment.ts";
import type { SubscriptionsApiEnvironment } from "../functions/subscriptions-api/environment.ts";
import type { SweepOutboxEnvironment } from "../functions/sweep-outbox/environment.ts";
import { ownMetrics } from "./alarms/own-metrics.ts";
import { TrackerAlarms } from "./alarms/tracker-alarms.ts";
import { type Config, validConfig } from "./config.ts";
import { AuditTable } from "./constructs/audit-table.ts";
import { BundledFunction } from "./constructs/bundled-function.ts";
import { DataKey } from "./constructs/data-key.ts";
import { KardSecret } from "./constructs/kard-secret.ts";
import { MessageQueue } from "./constructs/message-queue.ts";
import { PublicApi } from "./constructs/public-api.ts";
import { QueueWorker } from "./constructs/queue-worker.ts";
import { ScheduledFunction } from "./constructs/scheduled-function.ts";
import { StaticEgress } from "./constructs/static-egress.ts";
import { auditsApiRoutes, kardWebhookRoutes, subscriptionsApiRoutes } from "./routes.ts";

/** What a tracker is told: its own Kard token URL, and whatever shall differ from production's defaults. */
export type AuditTrackerProps = Pick<Config, "kardTokenUrl"> & Partial<Config>;

/**
 * The whole system, for any stack: six functions, one table, three queues, one secret, one HTTP API.
 *
 * @throws Error naming each property that is wrong, and why
 */
export class AuditTracker extends Construct {
  /** Where the HTTP API answers, without a slash at the end. */
  readonly apiUrl: string;
  /** What the DNS record of `domainName` has to point to, if there is one. */
  readonly domainTarget: string | undefined;
  /** The one table. */
  readonly table: AuditTable;
  /** Every resolution, for the owner of the deployment. */
  readonly resolutionsQueue: MessageQueue;
  /** What is to be sent to webhooks; the tracker's own. */
  readonly deliveriesQueue: MessageQueue;
  /** Kard's credentials, which the operator fills in after the first deploy. */
  readonly kardSecret: KardSecret;
  /** The Kard that it asks, and where that gives tokens. */
  readonly kardUrl: string;
  readonly kardTokenUrl: string;
  /** From where its calls come, if the configuration asks for addresses that stay. */
  readonly egressAddresses: readonly string[] | undefined;
  /** Hears of every alarm, when it begins and when it is over. */
  readonly alarmTopic: ITopic;

  constructor(scope: Construct, id: string, props: AuditTrackerProps) {
    super(scope, id);
    const config = validConfig({ stage: "prod", ...props });
    const removalPolicy = config.removalPolicy === "retain" ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    const dataKey = new DataKey(this, "DataKey", { removalPolicy });
    const encrypted = { key: dataKey, removalPolicy };
    const queue = { ...encrypted, visibilityTimeout: Duration.minutes(6) };

    const table = new AuditTable(this, "Table", encrypted);
    const kardSecret = new KardSecret(this, "KardSecret", encrypted);
    const resolutions = new MessageQueue(this, "Resolutions", { ...queue, consumers: config.resolutionsConsumers });
    const deliveries = new MessageQueue(this, "Deliveries", queue);
    const { deadLetters } = deliveries;
    const slowDeliveries = new MessageQueue(this, "SlowDeliveries", { ...queue, deadLetters });

    const logs = { logRetention: config.logRetentionDays, removalPolicy };
    // Trackers of one account must not be measured together.
    const ownName = Names.uniqueResourceName(this, { maxLength: 200, separator: "-", allowedSpecialCharacters: "-" });
    const metricsNamespace = `KardAuditTracker/${ownName}`;
    const common = { ...logs, dataKey, metricsNamespace };
    const egress = config.egress === "static-ips" ? new StaticEgress(this, "Egress") : undefined;
    const callsOut = { ...common, egress };
    const { auditRetentionDays, notificationRetentionDays } = config;
    const store = {
      TABLE_NAME: table.tableName,
      ...(auditRetentionDays && { AUDIT_RETENTION_DAYS: String(auditRetentionDays) }),
      ...(notificationRetentionDays && { NOTIFICATION_RETENTION_DAYS: String(notificationRetentionDays) }),
    };
    const queues = { RESOLUTIONS_QUEUE_URL: resolutions.queueUrl, DELIVERIES_QUEUE_URL: deliveries.queueUrl };
    const plan = { POLL_PLAN: JSON.stringify(config.pollPlan) };
    const targets: WebhookTargets = {
      reach: config.webhookTargets,
      ports: config.webhookPorts,
      ...(config.webhookDnsServers && { dnsServers: config.webhookDnsServers }),
    };
    const webhooks = { WEBHOOK_TARGETS: JSON.stringify(targets) };
    const callers = {
      CALLER_REQUESTS_PER_SECOND: String(config.callerRequestsPerSecond),
      ...(config.identityProvider && { IDENTITY_PROVIDER: JSON.stringify(config.identityProvider) }),
    };
    const kard = (requestsPerSecond: number) => ({
      KARD_API_URL: config.kardApiUrl,
      KARD_TOKEN_URL: config.kardTokenUrl,
      KARD_SECRET_ARN: kardSecret.secretArn,
      KARD_REQUESTS_PER_SECOND: String(requestsPerSecond),
    });
    const interactive = config.kardRequestsPerSecond * config.interactiveShare;
    const perInteractiveFunction = interactive / 2;
    const perPoller = (config.kardRequestsPerSecond - interactive) / config.pollers;
    const callersGrants = [
      table.allowItems(["apiKeys"], "GetItem", "UpdateItem"),
      table.allowItems(["requestCounts", "pageTokens"], "UpdateItem"),
    ];
    const publish = [resolutions.allowSend(), deliveries.allowSend()];

    const auditsApi = new BundledFunction(this, "AuditsApi", {
      ...callsOut,
      folder: "audits-api",
      description: "Takes audits in, hands them to Kard and shows where they stand",
      timeout: Duration.seconds(29),
      environment: {
        ...store,
        ...callers,
        ...queues,
        ...kard(perInteractiveFunction),
        ...plan,
      } satisfies AuditsApiEnvironment,
      grants: [
        table.allowItems(["audits"], "GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
        table.allowItems(["subscriptions"], "Query"),
        ...callersGrants,
        table.allowIndexes("byIssuer", "byTransaction"),
        kardSecret.allowRead(),
        ...publish,
      ],
    });

    const subscriptionsApi = new BundledFunction(this, "SubscriptionsApi", {
      ...callsOut,
      folder: "subscriptions-api",
      description: "Manages webhook subscriptions and shows and repeats what was sent to them",
      timeout: Duration.seconds(29),
      environment: {
        ...store,
        ...callers,
        ...webhooks,
        DELIVERIES_QUEUE_URL: deliveries.queueUrl,
      } satisfies SubscriptionsApiEnvironment,
      grants: [
        table.allowItems(["audits"], "GetItem", "BatchGetItem", "PutItem"),
        table.allowItems(["subscriptions"], "GetItem", "PutItem", "DeleteItem", "Query"),
        ...callersGrants,
        table.allowIndexes("lanes", "byIssuer", "outbox"),
        deliveries.allowSend(),
      ],
    });

    const kardWebhook = new BundledFunction(this, "KardWebhook", {
      ...callsOut,
      folder: "kard-webhook",
      description: "Takes Kard's auditUpdate notifications as hints to look",
      timeout: Duration.seconds(29),
      environment: { ...store, ...queues, ...kard(perInteractiveFunction) } satisfies KardWebhookEnvironment,
      grants: [
        table.allowItems(["audits"], "GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
        table.allowItems(["subscriptions"], "Query"),
        table.allowIndexes("byTransaction"),
        kardSecret.allowRead(),
        ...publish,
      ],
    });

    const { domainName: name, certificateArn } = config;
    const domain = name === undefined || certificateArn === undefined ? undefined : { name, certificateArn };
    const api = new PublicApi(this, "Api", { ...logs, requestsPerSecond: config.apiRequestsPerSecond, domain });
    api.route(auditsApi, auditsApiRoutes);
    api.route(subscriptionsApi, subscriptionsApiRoutes);
    api.route(kardWebhook, kardWebhookRoutes);

    const pollAudits = new ScheduledFunction(this, "PollAudits", {
      ...callsOut,
      folder: "poll-audits",
      description: "Submits what is waiting and polls the open audits that are due",
      timeout: Duration.seconds(55),
      everyMinute: shardsOf(config.pollers).map((shards) => ({ shards }) satisfies PollAuditsInput),
      everyDay: [{ replayFailedPushes: true } satisfies PollAuditsInput],
      environment: { ...store, ...queues, ...kard(perPoller), ...plan } satisfies PollAuditsEnvironment,
      grants: [
        table.allowItems(["audits"], "GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
        table.allowItems(["subscriptions", "pushes"], "Query"),
        table.allowItems(["polls"], "UpdateItem"),
        table.allowIndexes("lanes", "byTransaction"),
        kardSecret.allowRead(),
        ...publish,
      ],
    });

    const sweepOutbox = new ScheduledFunction(this, "SweepOutbox", {
      ...common,
      folder: "sweep-outbox",
      description: "Publishes whatever a crash left unpublished and sends the retries that are due",
      timeout: Duration.seconds(55),
      everyMinute: [{}],
      environment: { ...store, ...queues } satisfies SweepOutboxEnvironment,
      grants: [
        table.allowItems(["audits"], "GetItem", "PutItem", "UpdateItem", "Query"),
        table.allowItems(["subscriptions"], "GetItem", "PutItem", "Query"),
        table.allowIndexes("lanes", "outbox"),
        ...publish,
      ],
    });

    const deliverWebhooks = new QueueWorker(this, "DeliverWebhooks", {
      ...callsOut,
      folder: "deliver-webhooks",
      description: "Delivers events to the issuers' webhooks",
      timeout: Duration.seconds(60),
      queues: {
        Messages: { queue: deliveries, maxConcurrency: config.deliveryConcurrency },
        SlowMessages: { queue: slowDeliveries, maxConcurrency: config.slowDeliveryConcurrency },
      },
      environment: {
        ...store,
        ...webhooks,
        DELIVERIES_QUEUE_URL: deliveries.queueUrl,
        SLOW_DELIVERIES_QUEUE_URL: slowDeliveries.queueUrl,
        SLOW_DELIVERIES_QUEUE_ARN: slowDeliveries.queueArn,
      } satisfies DeliverWebhooksEnvironment,
      grants: [
        table.allowItems(["audits"], "GetItem", "PutItem", "BatchWriteItem"),
        table.allowItems(["subscriptions"], "GetItem", "PutItem", "Query"),
        deliveries.allowSend(),
        slowDeliveries.allowSend(),
      ],
    });

    const functions = [auditsApi, subscriptionsApi, kardWebhook, pollAudits, sweepOutbox, deliverWebhooks];
    const watched = {
      resolutions,
      deliveries,
      slowDeliveries,
      table,
      api,
      functions,
      pollAudits,
      sweepOutbox,
      deliverWebhooks,
    };
    const own = ownMetrics(metricsNamespace);
    this.alarmTopic = new TrackerAlarms(this, "Alarms", { own, ...watched }, config.alarmEmail).topic;

    this.apiUrl = api.publicUrl;
    this.domainTarget = api.domainTarget;
    this.table = table;
    this.resolutionsQueue = resolutions;
    this.deliveriesQueue = deliveries;
    this.kardSecret = kardSecret;
    this.kardUrl = config.kardApiUrl;
    this.kardTokenUrl = config.kardTokenUrl;
    this.egressAddresses = egress?.addresses;
  }

  /** Lets a function, role or account take resolutions from their queue, and decrypt them. */
  grantConsumeResolutions(grantee: IGrantable): Grant {
    return this.resolutionsQueue.grantConsumeMessages(grantee);
  }
}

/** The eight shards of a lane, divided among the pollers. */
function shardsOf(pollers: number): number[][] {
  const each = 8 / pollers;
  return Array.from({ length: pollers }, (_, poller) => Array.from({ length: each }, (_, i) => poller * each + i));
}
