import type { ILambdaDeploymentConfig } from "aws-cdk-lib/aws-codedeploy";
import type { IEventBus } from "aws-cdk-lib/aws-events";
import type { IPrincipal } from "aws-cdk-lib/aws-iam";
import type { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Duration, RemovalPolicy } from "aws-cdk-lib/core";
import type { EventName } from "../../functions/core/events/events.ts";

/** A scheduled check of the deployed API with its own API key. */
export interface CanaryProps {
  /** The key's issuer. Use one that only the canary uses. */
  readonly organizationId: string;
  /**
   * Whether each run files an audit with Kard. Only for deployments that use Kard's sandbox.
   *
   * @default false
   */
  readonly filesAudits?: boolean | undefined;
  /**
   * URL of the API, if a firewall or a proxy is in front of it.
   *
   * @default - `apiUrl`
   */
  readonly url?: string | undefined;
}

/** Retention, encryption and alarms. */
export interface OperationsProps {
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
   * Removal policy of table, key, secret, queues, logs and addresses. `RETAIN` also protects the table from deletion.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy.RETAIN | RemovalPolicy.DESTROY;
  /**
   * Whether logs, functions' environments and alarm topics are encrypted with the key, too. An imported key must allow
   * CloudWatch and CloudWatch Logs to use it: docs/security.md.
   *
   * @default false
   */
  readonly encryptAll?: boolean;
  /**
   * Whether functions record traces with AWS X-Ray, which charges for them.
   *
   * @default false
   */
  readonly tracing?: boolean;
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
   * Whether an alarm says that a resolution has waited in the queue for a day.
   *
   * @default true
   */
  readonly resolutionsAgeAlarm?: boolean;
  /**
   * Checks the API every five minutes. Two failures trigger an alarm. Put the API key into the secret
   * `CanaryKeySecretArn` after the deployment.
   *
   * @default - no canary
   */
  readonly canary?: CanaryProps;
  /**
   * Alarms on the error budgets of the service level objectives: docs/reliability.md.
   *
   * @default false
   */
  readonly sloAlarms?: boolean;
  /**
   * Shifts calls of the API and deliveries to a new version step by step, and back if it fails, such as
   * `LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES`. The scheduled functions change at once.
   *
   * @default - all functions change at once
   */
  readonly gradualDeploy?: ILambdaDeploymentConfig;
  /**
   * The account's limit of concurrent Lambda executions in the region, for the alarm at 80 %.
   * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
   *
   * @default 1000
   */
  readonly accountConcurrency?: number;
  /**
   * The events that the resolutions queue gets. Not tokens.
   *
   * @default ["audit.closed"]
   */
  readonly resolutionsEvents?: EventName[];
  /**
   * Whether the resolutions queue is a FIFO queue: the events of an audit keep their order. A change makes another
   * queue. The old one is retained or deleted by `removalPolicy`, so consume it first.
   *
   * @default false
   */
  readonly resolutionsFifo?: boolean;
  /**
   * An event bus that gets all events: `"new"`, or one of your own. The policy of a bus in another account
   * must allow `events:PutEvents` to the account.
   *
   * @default - none
   */
  readonly eventBus?: IEventBus | "new";
  /**
   * A topic that gets all events: `"new"`, or one of your own. Import an encrypted topic with
   * `Topic.fromTopicAttributes` and its `keyArn`. The key's policy must allow the account's IAM policies.
   *
   * @default - none
   */
  readonly eventTopic?: ITopic | "new";
  /**
   * Consumers of the resolutions queue: principals, 12-digit account ids or ARNs of roles.
   *
   * @default - grantees of `grantConsumeResolutions`
   */
  readonly resolutionsConsumers?: (string | IPrincipal)[];
}
