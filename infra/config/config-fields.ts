import { RetentionDays } from "aws-cdk-lib/aws-logs";
import * as z from "zod";
import { identityProvider } from "../../functions/core/access/identity-provider.ts";
import { eventName } from "../../functions/core/events/events.ts";
import { identifier } from "../../functions/core/shared/text.ts";
import { accountId } from "../../functions/core/subscriptions/aws-target.ts";
import { privateTarget } from "../../functions/core/subscriptions/private-targets.ts";
import { pollPlan } from "../../functions/core/tracking/poll-plan.ts";
import {
  arn,
  canary,
  codeDeployConfiguration,
  contact,
  days,
  existingNetwork,
  fromText,
  newOr,
  principal,
  region,
  truststore,
  url,
} from "./config-values.ts";

/** The configuration of a deployment, field by field. */
export const fields = z.object({
  stage: z.enum(["prod", "dev", "local"]),
  /** The stack's account and region: both, or those of the shell. */
  account: accountId.optional(),
  region: region.optional(),
  /** Tags of all resources. */
  tags: fromText(z.record(z.string(), z.string(), 'must be JSON such as {"owner":"payments"}')).default({}),
  /** Kard's API, without a path. */
  kardApiUrl: url,
  /** URL of Kard's OAuth 2.0 tokens: `/v2/auth/token` of `kardApiUrl` by default. */
  kardTokenUrl: url.optional(),
  /**
   * How a token is requested. Kard documents two ways: `form`, a Basic header and a form at the client's own subdomain,
   * and `json`, a JSON body at the API host. Default: `form` if `kardTokenUrl` is given, otherwise `json`.
   */
  kardTokenRequest: z.enum(["form", "json"]).optional(),
  /** Whether creates also name their issuer in `X-Kard-Target-Issuer`, if Kard asks for it. */
  kardTargetIssuerOnCreate: fromText(z.boolean()).default(false),
  /** Kard's rate limit for one credential, over all functions. */
  kardRequestsPerSecond: fromText(z.number().positive()).default(50),
  /** The share of that limit for calls made during a request or a push. The pollers divide the rest. */
  interactiveShare: fromText(z.number().gt(0).lt(1)).default(0.2),
  /**
   * Maximum difference in delay between interactive calls to Kard, in milliseconds: 200 for clocks and the network, the
   * rest for functions that start a call late. A larger value makes fewer calls.
   */
  kardArrivalSpreadMs: fromText(z.int().min(210)).default(250),
  /**
   * For how long an identical create without an Idempotency-Key is answered as a repeat of the first, in seconds; 0
   * turns this off. Kard's SDKs repeat a create for five minutes at most.
   */
  duplicateWindowSeconds: fromText(z.int().min(0).max(3_600)).default(600),
  /** How many pollers share the eight shards of a lane. */
  pollers: fromText(z.literal([1, 2, 4, 8])).default(1),
  /** After how many days an audit is due, instead of the poll plan's `overdueAfter`. */
  dueAfterDays: fromText(z.int().min(1).optional()),
  /** How many days before it is due an audit is due soon, instead of the poll plan's `dueSoonBefore`. 0 for never. */
  dueSoonDays: fromText(z.int().min(0).optional()),
  /**
   * How many days after its resolution an audit is compared with the user's rewards at Kard, if the resolution promises
   * an adjustment or a resend. Kard's credential needs the scope `transaction:read`. Default: never.
   */
  followUpAfterDays: fromText(z.number().positive().max(180).optional()),
  /** When an open audit is polled. */
  pollPlan: fromText(pollPlan),
  /** Allowed targets of webhooks. */
  webhookTargets: z.enum(["public", "public-and-loopback"]),
  /** The ports that webhook URLs may name. */
  webhookPorts: fromText(
    z.array(z.int().min(1).max(65_535), "must be a JSON list of ports such as [443,8443]").min(1),
  ).default([443]),
  /** Private hosts and address blocks (CIDR) that webhooks may also go to. */
  privateWebhookTargets: fromText(
    z.array(privateTarget, 'must be a JSON list such as ["10.20.0.0/16","hooks.corp.example"]'),
  ).default([]),
  /** The ARN of a secret with a client certificate for webhooks and with further authorities of receivers. */
  webhookTlsSecret: arn("secretsmanager", "a secret, including its six random characters").optional(),
  /** Local stage only: name servers (address:port) for webhooks' hosts. Default: the system's. */
  webhookDnsServers: fromText(z.array(z.string(), 'must be a JSON list such as ["127.0.0.1:5353"]').optional()),
  /** The AWS accounts in which each issuer may have queues and event buses as targets of events. */
  targetAccounts: fromText(
    z.record(identifier, z.array(accountId).min(1), 'must be JSON such as {"bank-a":["111122223333"]}'),
  ).default({}),
  /** Requests per second of a caller (an API key, or the subject of identity tokens), averaged over ten seconds. */
  callerRequestsPerSecond: fromText(z.number().min(0.1)).default(100),
  /**
   * Requests per second of all callers of an issuer together, averaged over ten seconds. Kard's pushes about the issuer
   * have the same limit.
   */
  issuerRequestsPerSecond: fromText(z.number().min(0.1)).default(200),
  /** Requests per second of each route that needs a key or client credentials; twice as many in a burst. */
  apiRequestsPerSecond: fromText(z.int().min(1)).default(500),
  /** The same for each route that needs no key: health, console, OpenAPI document, unknown paths. */
  anonymousRequestsPerSecond: fromText(z.int().min(1)).default(20),
  /** The same for Kard's pushes. */
  pushRequestsPerSecond: fromText(z.int().min(1)).default(500),
  /** Reserved concurrency of each function behind the API. Default: none. */
  apiConcurrency: fromText(z.int().min(1).optional()),
  /** SHA-256 of the `x-origin-secret` that requests must carry; two, separated by a comma, during a rotation. */
  originSecretSha256: z
    .string()
    .regex(/^[0-9a-f]{64}(,[0-9a-f]{64})*$/, "must be a SHA-256 in hexadecimal, or several separated by commas")
    .optional(),
  /** Identity provider whose tokens (JWT) are accepted besides API keys. Default: none. */
  identityProvider: fromText(identityProvider.optional()),
  /** Maximum concurrent batches of deliveries, and of deliveries to slow endpoints. */
  deliveryConcurrency: fromText(z.int().min(2).max(1000)).default(50),
  slowDeliveryConcurrency: fromText(z.int().min(2).max(1000)).default(10),
  logRetentionDays: fromText(z.enum(RetentionDays, "must be a number of days that CloudWatch Logs offers")).default(
    RetentionDays.ONE_MONTH,
  ),
  /** How many days a settled audit is kept, with its Idempotency-Key. Default: forever. */
  auditRetentionDays: days,
  /** How many days the record of a delivered webhook is kept. Default: forever. */
  notificationRetentionDays: days,
  /**
   * A custom domain for the API, such as audits.example.com, and the ARN of its ACM certificate in the same region.
   */
  domainName: z.hostname("must be a host name").optional(),
  certificateArn: arn("acm", "an ACM certificate").optional(),
  /** The authorities whose client certificates callers of the domain must present: a PEM file in an S3 bucket. */
  mutualTls: fromText(truststore.optional()),
  /** Source of outgoing calls: Lambda's changing addresses, or NAT gateways with fixed addresses. */
  egress: z.enum(["internet", "static-ips"]).default("internet"),
  /** An existing VPC for all functions, by its subnets. */
  network: fromText(existingNetwork.optional()),
  /** Removal policy of the table, the key, the secret, the queues, the logs and the addresses. */
  removalPolicy: z.enum(["retain", "destroy"]),
  /** E-mail address that receives all alarms. Subscribe other receivers to the topics. */
  alarmEmail: z.email("must be an e-mail address").optional(),
  /**
   * Whether an alarm says that a resolution has waited in the queue for a day. Turn it off if you use webhooks only.
   */
  resolutionsAgeAlarm: fromText(z.boolean()).default(true),
  /** Calls the API every five minutes, as this issuer. */
  canary: fromText(canary.optional()),
  /** Whether alarms watch the error budgets of the service level objectives. */
  sloAlarms: fromText(z.boolean()).default(false),
  /**
   * The account's Lambda concurrency limit in the region. An alarm warns at 80 %.
   * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   */
  accountConcurrency: fromText(z.int().min(10)).default(1000),
  /**
   * How CodeDeploy shifts calls to a new version, by the names of its configurations. Default: at once.
   * https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html
   */
  gradualDeploy: codeDeployConfiguration.optional(),
  /** URL of docs/runbook.md for on-call. Alarms link to its sections. */
  runbookUrl: z.string().min(1).default("docs/runbook.md"),
  /** Whether logs, functions' environments and alarm topics are encrypted with the key, too. */
  encryptAll: fromText(z.boolean()).default(false),
  /** Whether functions record traces with AWS X-Ray. */
  tracing: fromText(z.boolean()).default(false),
  /** Existing resources to use instead of new ones: the name of a tracker's table, the ARNs of a key and a secret. */
  existingTable: z.string().min(3).optional(),
  existingKey: arn("kms", "a KMS key").optional(),
  existingSecret: arn("secretsmanager", "a secret, including its six random characters").optional(),
  /** The events that the resolutions queue gets. */
  resolutionsEvents: fromText(
    z.array(eventName, 'must be a JSON list such as ["audit.closed","audit.overdue"]').min(1),
  ).default(["audit.closed"]),
  /** Whether the resolutions queue is a FIFO queue, so that the events of an audit keep their order. */
  resolutionsFifo: fromText(z.boolean()).default(false),
  /** An event bus and a topic that get all events: `new`, or the ARN of an existing one. */
  eventBus: newOr(arn("events", "an event bus")).optional(),
  eventTopic: newOr(arn("sns", "a topic")).optional(),
  /** The ARN of the KMS key of an existing topic. */
  eventTopicKey: arn("kms", "a KMS key").optional(),
  /** The contacts of issuers, by organization id: a topic each, for events about their webhooks. */
  contacts: fromText(z.record(z.string().min(1), contact, "must be JSON by organization id")).default({}),
  /** Accounts and roles outside the stack that may consume the resolutions queue. */
  resolutionsConsumers: fromText(z.array(principal, 'must be a JSON list such as ["111122223333"]')).default([]),
});
