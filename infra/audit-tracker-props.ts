import type { ICertificate } from "aws-cdk-lib/aws-certificatemanager";
import type { ITableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { ISecurityGroup, IVpc, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import type { IPrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { Duration, RemovalPolicy } from "aws-cdk-lib/core";
import type { IdentityProvider } from "../functions/core/access/identity-provider.ts";
import type { PollPlan } from "../functions/core/tracking/poll-plan.ts";

/** A custom domain for the API. */
export interface ApiDomain {
  /** Such as `audits.example.com`. Point a CNAME or alias to `domainTarget`. */
  readonly domainName: string;
  /** In the stack's own region. */
  readonly certificate: ICertificate;
  /**
   * Callers must present a client certificate signed by an authority of this PEM file. Kard presents none, so its
   * pushes are refused.
   *
   * @default - no client certificates
   */
  readonly mutualTls?: { readonly bucket: IBucket; readonly key: string; readonly version?: string };
}

/** An existing network for all functions. */
export interface TrackerNetwork {
  /** It must reach DynamoDB, SQS, Secrets Manager, Kard and the webhooks' receivers. */
  readonly vpc: IVpc;
  /** @default - the private subnets with egress */
  readonly vpcSubnets?: SubnetSelection;
  /** @default - one that lets TCP out, and nothing in */
  readonly securityGroups?: ISecurityGroup[];
}

/** A scheduled check of the deployed API, with an API key of its own. */
export interface CanaryProps {
  /** The issuer that the key is for: one of your own for the canary alone. */
  readonly organizationId: string;
  /**
   * Whether each run files an audit with Kard, every five minutes. Only for a deployment that uses Kard's sandbox.
   *
   * @default false
   */
  readonly filesAudits?: boolean | undefined;
  /**
   * Where it calls the API, if a firewall or a proxy is in front of it.
   *
   * @default - `apiUrl`
   */
  readonly url?: string | undefined;
}

/**
 * Properties of an `AuditTracker`. Only `kardTokenUrl` has no default. Strings may be tokens, unless it says
 * otherwise.
 */
export interface AuditTrackerProps {
  /** URL of your OAuth 2.0 tokens for Kard: `https://YOUR-CLIENT.getkard.com/v2/auth/token`. */
  readonly kardTokenUrl: string;
  /**
   * Kard's API, without a path.
   *
   * @default "https://rewards-api.getkard.com"
   */
  readonly kardApiUrl?: string;
  /**
   * Kard's rate limit for one credential, all functions together.
   *
   * @default 50
   */
  readonly kardRequestsPerSecond?: number;
  /**
   * The share of that limit for interactive calls. The pollers divide the rest.
   *
   * @default 0.2
   */
  readonly interactiveShare?: number;
  /**
   * How far the delays of interactive calls on their way to Kard may differ, in milliseconds. A larger value makes
   * fewer calls, so that Kard still sees no more than its limit in any second.
   *
   * @default 250
   */
  readonly kardArrivalSpreadMs?: number;
  /**
   * Number of pollers that share the shards. Use more than one only if one cannot use its share of the rate limit.
   *
   * @default 1
   */
  readonly pollers?: 1 | 2 | 4 | 8;
  /**
   * When an open audit is polled.
   *
   * @default - every 5 minutes in the first hour, then less and less often; overdue after 90 days
   */
  readonly pollPlan?: PollPlan;
  /**
   * The ports that webhook URLs may name.
   *
   * @default [443]
   */
  readonly webhookPorts?: number[];
  /**
   * Hosts of private networks (`hooks.corp.example`, `*.corp.example`) and blocks of private addresses (`10.20.0.0/16`)
   * that webhooks may also go to. Needs a `network` that reaches them. Loopback, link-local and metadata addresses are
   * still refused. Not tokens.
   *
   * @default - none: webhooks go to the public internet only
   */
  readonly privateWebhookTargets?: string[];
  /**
   * A secret with JSON: `certificate` and `key`, which webhooks' receivers are shown as the client certificate, and
   * `authorities`, whose certificates receivers may have besides those of public authorities. Each in PEM.
   *
   * @default - no client certificate, and public authorities alone
   */
  readonly webhookTls?: ISecret;
  /**
   * How many requests a second a caller may make, averaged over ten seconds.
   *
   * @default 100
   */
  readonly callerRequestsPerSecond?: number;
  /**
   * How many requests a second all callers of one issuer may make together, averaged over ten seconds.
   *
   * @default 200
   */
  readonly issuerRequestsPerSecond?: number;
  /**
   * How many requests a second the API accepts from all callers together; twice as many at once.
   *
   * @default 500
   */
  readonly apiRequestsPerSecond?: number;
  /**
   * The same for each route that needs no key, apart from the others.
   *
   * @default 20
   */
  readonly anonymousRequestsPerSecond?: number;
  /**
   * The same for Kard's pushes, apart from the others.
   *
   * @default 500
   */
  readonly pushRequestsPerSecond?: number;
  /**
   * Reserved concurrency of each function behind the API.
   *
   * @default - none: they share the account's
   */
  readonly apiConcurrency?: number;
  /**
   * SHA-256, in hexadecimal, of the `x-origin-secret` that your firewall adds to requests. Requests without it are
   * refused. Two hashes with a comma between them while you rotate the secret.
   *
   * @default - requests need no such header
   */
  readonly originSecretSha256?: string;
  /**
   * An identity provider whose tokens (JWT) are accepted besides API keys. Not CDK tokens.
   *
   * @default - none
   */
  readonly identityProvider?: IdentityProvider;
  /**
   * How many batches of deliveries run at once.
   *
   * @default 50
   */
  readonly deliveryConcurrency?: number;
  /**
   * The same for deliveries to slow endpoints.
   *
   * @default 10
   */
  readonly slowDeliveryConcurrency?: number;
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /**
   * How long a settled audit is kept, with its Idempotency-Key. At least 7 days.
   *
   * @default - forever
   */
  readonly auditRetention?: Duration;
  /**
   * How long the record of a delivered webhook is kept. At least 7 days.
   *
   * @default - forever
   */
  readonly notificationRetention?: Duration;
  /**
   * A custom domain for the API. The default endpoint is then disabled.
   *
   * @default - the default endpoint
   */
  readonly domain?: ApiDomain;
  /**
   * An existing network for all functions.
   *
   * @default - Lambda's own network
   */
  readonly network?: TrackerNetwork;
  /**
   * Sends calls to Kard and to webhooks through NAT gateways with fixed addresses.
   *
   * @default false
   */
  readonly staticEgress?: boolean;
  /**
   * Removal policy of table, key, secret, queues, logs and addresses. `RETAIN` also protects the table from deletion.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy.RETAIN | RemovalPolicy.DESTROY;
  /**
   * E-mail address that receives all alarms.
   *
   * @default - none: subscribe to `alarmTopics`
   */
  readonly alarmEmail?: string;
  /**
   * URL of docs/runbook.md for on-call. Alarms link to it.
   *
   * @default "docs/runbook.md"
   */
  readonly runbookUrl?: string;
  /**
   * Whether resolutions that wait for a day trigger an alarm.
   *
   * @default true
   */
  readonly resolutionsAgeAlarm?: boolean;
  /**
   * Calls the API every five minutes, and sets off an alarm when that fails twice. Put the API key into the secret
   * `CanaryKeySecretArn` after the deploy.
   *
   * @default - no canary
   */
  readonly canary?: CanaryProps;
  /**
   * The account's limit of concurrent Lambda executions in the region, for the alarm at 80 %.
   *
   * @default 1000
   */
  readonly accountConcurrency?: number;
  /**
   * Consumers of the resolutions queue: principals, 12-digit account ids or ARNs of roles.
   *
   * @default - grantees of `grantConsumeResolutions`
   */
  readonly resolutionsConsumers?: (string | IPrincipal)[];
  /**
   * Encrypts the table, the queues and the secret. An imported key must allow the account's IAM policies.
   *
   * @default - a new key, rotated every year
   */
  readonly encryptionKey?: IKey;
  /**
   * Whether logs, functions' environments and alarm topics are encrypted with the key, too. An imported key must allow
   * CloudWatch and CloudWatch Logs to use it: docs/security.md.
   *
   * @default false
   */
  readonly encryptAll?: boolean;
  /**
   * An existing table of a tracker, such as a retained or restored one. Do not unset it later.
   *
   * @default - a new table
   */
  readonly existingTable?: ITableV2;
  /**
   * An existing secret with Kard's credentials.
   *
   * @default - a new secret, which you fill in after the first deploy
   */
  readonly existingSecret?: ISecret;
}
