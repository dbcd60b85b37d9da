import type { ITableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import type { Grant, IGrantable, IRole } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import type { ILogGroup } from "aws-cdk-lib/aws-logs";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Names } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { type OwnMetrics, ownMetrics } from "./alarms/own-metrics.ts";
import { TrackerAlarms } from "./alarms/tracker-alarms.ts";
import type { Config } from "./config/config.ts";
import { eventTargets } from "./constructs/event-targets.ts";
import { IssuerContacts } from "./constructs/issuer-contacts.ts";
import type { MessageQueue } from "./constructs/message-queue.ts";
import { createApi } from "./create-api.ts";
import { Canary, canaryInterval } from "./functions/canary.ts";
import { createFunctions } from "./functions/create-functions.ts";
import type { Parts } from "./functions/parts.ts";
import { networksOf } from "./networks.ts";
import { combineGrants, grantOperator } from "./operator-grants.ts";
import type { GivenResources } from "./props/given-resources.ts";
import { createQueues } from "./queues.ts";
import { createStores } from "./stores.ts";

/** The functions of a tracker by name. */
export type TrackerFunctions = Readonly<
  Record<
    "auditsApi" | "subscriptionsApi" | "kardWebhook" | "pollAudits" | "sweepOutbox" | "deliverWebhooks",
    IFunction & { readonly logGroup: ILogGroup }
  >
>;

/** The whole system, for any stack: six functions, one table, three queues, one secret, one HTTP API. */
export class Tracker extends Construct {
  /** URL of the HTTP API, without a trailing slash. */
  readonly apiUrl: string;
  /** Target for the DNS record of your domain, if there is one. */
  readonly domainTarget: string | undefined;
  /** Audits with everything sent about them, subscriptions, API keys and the poll cursors. */
  readonly table: ITableV2;
  /** All resolutions, for the owner of the deployment. */
  readonly resolutionsQueue: IQueue;
  /** Resolutions that a consumer has failed on five times. */
  readonly resolutionsDeadLetterQueue: IQueue;
  /** The event bus that gets all events, if there is one. */
  readonly eventBus: IEventBus | undefined;
  /** The topic that gets all events, if there is one. */
  readonly eventTopic: ITopic | undefined;
  /** The topics of the issuers' contacts, by organization id. */
  readonly contactTopics: Readonly<Record<string, ITopic>>;
  /** Webhook deliveries. Internal to the tracker. */
  readonly deliveriesQueue: IQueue;
  /** Webhook deliveries to slow endpoints. Internal to the tracker. */
  readonly slowDeliveriesQueue: IQueue;
  /** Deliveries that the tracker has failed on five times. */
  readonly deliveriesDeadLetterQueue: IQueue;
  /** Encrypts the table, the queues and the secret. */
  readonly dataKey: IKey;
  /** Kard's credentials, which the operator fills in after the first deploy. */
  readonly kardSecret: ISecret;
  /** The canary, if there is one. The operator puts its API key into the secret after the first deploy. */
  readonly canary: (IFunction & { readonly logGroup: ILogGroup; readonly apiKeySecret: ISecret }) | undefined;
  /** URL of Kard's API. */
  readonly kardUrl: string;
  /** URL of the OAuth 2.0 tokens for Kard. */
  readonly kardTokenUrl: string;
  readonly kardTokenRequest: "form" | "json";
  /** With `staticEgress`, the source addresses of outgoing calls. */
  readonly egressAddresses: readonly string[] | undefined;
  /** With `targetAccounts`, the roles that send events to queues and event buses of issuers. */
  readonly targetSenders: readonly IRole[] | undefined;
  /** Each topic gets a message when an alarm of its severity starts and when it ends. */
  readonly alarmTopics: Readonly<Record<"urgent" | "soon", ITopic>>;
  /** Gets a message when the key is disabled or its deletion is scheduled. Never encrypted with that key. */
  readonly keyLossTopic: ITopic;
  /** The functions, for alarms and permissions of your own. */
  readonly functions: TrackerFunctions;
  /** The API's access log. */
  readonly accessLogGroup: ILogGroup;
  /** The dashboard's page in the AWS console. */
  readonly dashboardUrl: string;
  protected readonly own: OwnMetrics;
  readonly #queues: readonly MessageQueue[];

  constructor(scope: Construct, id: string, config: Config, given: GivenResources) {
    super(scope, id);
    const { dataKey, table, kardSecret, removalPolicy } = createStores(this, config, given);
    const queues = createQueues(this, config, given.resolutionsConsumers, { key: dataKey, removalPolicy });
    const { resolutions, deliveries, slowDeliveries } = queues;
    const { eventBus, eventTopic } = eventTargets(this, given, dataKey);
    const { contacts } = new IssuerContacts(this, "Contacts", given.contacts ?? {}, dataKey);

    // Trackers of one account must not be measured together.
    const ownName = Names.uniqueResourceName(this, { maxLength: 200, separator: "-", allowedSpecialCharacters: "-" });
    const metricsNamespace = `KardAuditTracker/${ownName}`;
    const { encryptAll, tracing } = config;
    const logs = { logRetention: config.logRetentionDays, removalPolicy, encryptAll, dataKey };
    const { ofAll, ofCallers, addresses } = networksOf(this, config, given, removalPolicy);
    const { gradualDeploy } = given;
    const common = { ...logs, metricsNamespace, tracing, network: ofAll, isGradual: gradualDeploy !== undefined };
    const egress = { network: ofCallers };
    const { webhookTls } = given;
    const stores = { table, kardSecret, webhookTls };
    const parts: Parts = { config, ...stores, ...queues, eventBus, eventTopic, contacts, common, egress };

    const functions = createFunctions(this, parts);
    const api = createApi(this, config, { functions, logs, domain: given.domain, gradualDeploy });

    if (given.domain?.mutualTls && config.canary && config.canary.url === undefined)
      throw new Error("canary needs a url with mutualTls: it presents no client certificate");
    this.canary = config.canary && new Canary(this, "Canary", { common, canary: config.canary, apiUrl: api.publicUrl });

    this.functions = functions;
    this.own = ownMetrics(metricsNamespace);
    const alarms = new TrackerAlarms(this, "Alarms", {
      ...parts,
      own: this.own,
      api,
      functions,
      canary: this.canary && { fn: this.canary, interval: canaryInterval },
      dataKey,
    });

    this.#queues = [resolutions, deliveries, slowDeliveries];
    this.apiUrl = api.publicUrl;
    this.domainTarget = api.domainTarget;
    this.table = table.table;
    this.resolutionsQueue = resolutions;
    this.resolutionsDeadLetterQueue = resolutions.deadLetters;
    this.eventBus = eventBus;
    this.eventTopic = eventTopic;
    this.contactTopics = Object.fromEntries([...contacts].map(([name, { topic }]) => [name, topic]));
    this.deliveriesQueue = deliveries;
    this.slowDeliveriesQueue = slowDeliveries;
    this.deliveriesDeadLetterQueue = deliveries.deadLetters;
    this.dataKey = dataKey;
    this.kardSecret = kardSecret;
    this.kardUrl = config.kardApiUrl;
    this.kardTokenUrl = config.kardTokenUrl;
    this.kardTokenRequest = config.kardTokenRequest;
    this.egressAddresses = addresses;
    this.targetSenders = rolesOf(config, [functions.deliverWebhooks, functions.subscriptionsApi]);
    this.alarmTopics = alarms.topics;
    this.keyLossTopic = alarms.keyLossTopic;
    this.accessLogGroup = api.accessLogGroup;
    this.dashboardUrl = alarms.dashboardUrl;
  }

  /** Lets a function, role or account consume resolutions, and decrypt them. */
  grantConsumeResolutions(grantee: IGrantable): Grant {
    return this.resolutionsQueue.grantConsumeMessages(grantee);
  }

  /** Lets a role read, purge and redrive the dead letters of all queues. */
  grantRedrive(grantee: IGrantable): Grant {
    return combineGrants(this.#queues.map((queue) => queue.grantRedrive(grantee)));
  }

  /**
   * Lets a role run `kard-audits keys`, `users` and `kard-subscribe`: read and write the table, and read and
   * store Kard's credentials.
   */
  grantOperate(grantee: IGrantable): Grant {
    return grantOperator(grantee, this);
  }
}

function rolesOf({ targetAccounts }: Config, functions: readonly IFunction[]): IRole[] | undefined {
  if (Object.keys(targetAccounts).length === 0) return undefined;
  return functions.flatMap(({ role }) => (role === undefined ? [] : [role]));
}
