import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Duration, Names, RemovalPolicy } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { ownMetrics } from "./alarms/own-metrics.ts";
import { TrackerAlarms } from "./alarms/tracker-alarms.ts";
import { type Config, validConfig } from "./config.ts";
import { AuditTable } from "./constructs/audit-table.ts";
import { DataKey } from "./constructs/data-key.ts";
import { KardSecret } from "./constructs/kard-secret.ts";
import { MessageQueue } from "./constructs/message-queue.ts";
import { PublicApi } from "./constructs/public-api.ts";
import { StaticEgress } from "./constructs/static-egress.ts";
import { AuditsApi } from "./functions/audits-api.ts";
import { DeliverWebhooks } from "./functions/deliver-webhooks.ts";
import { KardWebhook } from "./functions/kard-webhook.ts";
import type { Parts } from "./functions/parts.ts";
import { PollAudits } from "./functions/poll-audits.ts";
import { SubscriptionsApi } from "./functions/subscriptions-api.ts";
import { SweepOutbox } from "./functions/sweep-outbox.ts";
import { auditsApiRoutes, kardWebhookRoutes, subscriptionsApiRoutes } from "./routes.ts";

/**
 * What becomes of the resources when the stack is deleted. A first deploy that rolls back deletes again what it created,
 * except for the data: CloudFormation could not delete a table that is protected, and its key must not be deleted before it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
const removalPolicies = {
  retain: { ofData: RemovalPolicy.RETAIN, ofOthers: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
  destroy: { ofData: RemovalPolicy.DESTROY, ofOthers: RemovalPolicy.DESTROY },
} as const;

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
  /** Get a message when an alarm of their severity begins and when it is over. */
  readonly alarmTopics: Readonly<Record<"urgent" | "soon", ITopic>>;

  constructor(scope: Construct, id: string, props: AuditTrackerProps) {
    super(scope, id);
    const config = validConfig({ stage: "prod", ...props });
    const removalPolicy = removalPolicies[config.removalPolicy];
    const dataKey = new DataKey(this, "DataKey", { removalPolicy: removalPolicy.ofData });
    const encrypted = { key: dataKey, removalPolicy: removalPolicy.ofOthers };
    const queue = { ...encrypted, visibilityTimeout: Duration.minutes(6) };

    const table = new AuditTable(this, "Table", { key: dataKey, removalPolicy: removalPolicy.ofData });
    const kardSecret = new KardSecret(this, "KardSecret", encrypted);
    const resolutions = new MessageQueue(this, "Resolutions", { ...queue, consumers: config.resolutionsConsumers });
    const deliveries = new MessageQueue(this, "Deliveries", queue);
    const { deadLetters } = deliveries;
    const slowDeliveries = new MessageQueue(this, "SlowDeliveries", { ...queue, deadLetters });

    // Trackers of one account must not be measured together.
    const ownName = Names.uniqueResourceName(this, { maxLength: 200, separator: "-", allowedSpecialCharacters: "-" });
    const metricsNamespace = `KardAuditTracker/${ownName}`;
    const logs = { logRetention: config.logRetentionDays, removalPolicy: removalPolicy.ofOthers };
    const egress = config.egress === "static-ips" ? new StaticEgress(this, "Egress") : undefined;
    const common = { ...logs, dataKey, metricsNamespace };
    const parts: Parts = { config, table, kardSecret, resolutions, deliveries, slowDeliveries, common, egress };

    const auditsApi = new AuditsApi(this, "AuditsApi", parts);
    const subscriptionsApi = new SubscriptionsApi(this, "SubscriptionsApi", parts);
    const kardWebhook = new KardWebhook(this, "KardWebhook", parts);
    const pollAudits = new PollAudits(this, "PollAudits", parts);
    const sweepOutbox = new SweepOutbox(this, "SweepOutbox", parts);
    const deliverWebhooks = new DeliverWebhooks(this, "DeliverWebhooks", parts);

    const { domainName: name, certificateArn } = config;
    const domain = name === undefined || certificateArn === undefined ? undefined : { name, certificateArn };
    const api = new PublicApi(this, "Api", { ...logs, requestsPerSecond: config.apiRequestsPerSecond, domain });
    api.route(auditsApi, auditsApiRoutes);
    api.route(subscriptionsApi, subscriptionsApiRoutes);
    // A flood of requests must not keep Kard's pushes out, nor one of pushes the issuers' requests.
    api.route(kardWebhook, kardWebhookRoutes, { isThrottledAlone: true });

    const functions = [auditsApi, subscriptionsApi, kardWebhook, pollAudits, sweepOutbox, deliverWebhooks];
    const scheduled = { pollAudits, sweepOutbox, deliverWebhooks };
    const watched = { ...parts, own: ownMetrics(metricsNamespace), api, functions, ...scheduled };
    const { alarmEmail: email, runbookUrl } = config;
    this.alarmTopics = new TrackerAlarms(this, "Alarms", watched, { email, runbookUrl }).topics;

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
