import type { IEventBus } from "aws-cdk-lib/aws-events";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { WebhookTargets } from "../../functions/core/subscriptions/webhook-url.ts";
import type { Config } from "../config/config.ts";
import { divideRateLimit } from "../config/divide-rate-limit.ts";
import { effectivePollPlan } from "../config/effective-poll-plan.ts";
import type { AuditTable } from "../constructs/audit-table.ts";
import type { BundledFunctionProps } from "../constructs/bundled-function.ts";
import type { Contact } from "../constructs/issuer-contacts.ts";
import { allowTargets, targetsVariable } from "../constructs/issuer-targets.ts";
import { allowReadsOf } from "../constructs/kard-secret.ts";
import type { MessageQueue } from "../constructs/message-queue.ts";

const dayMs = 24 * 60 * 60_000;

/** The parts of a tracker that its functions need. Each function picks its own. */
export interface Parts {
  config: Config;
  table: AuditTable;
  kardSecret: ISecret;
  /** The certificates for calls to webhooks. */
  webhookTls: ISecret | undefined;
  resolutions: MessageQueue;
  deliveries: MessageQueue;
  slowDeliveries: MessageQueue;
  /** The owner's bus and topic for all events. */
  eventBus: IEventBus | undefined;
  eventTopic: ITopic | undefined;
  /** The contacts by issuer. */
  contacts: ReadonlyMap<string, Contact>;
  /** Properties of every function. */
  common: Pick<
    BundledFunctionProps,
    | "dataKey"
    | "metricsNamespace"
    | "logRetention"
    | "removalPolicy"
    | "encryptAll"
    | "tracing"
    | "network"
    | "isGradual"
  >;
  /** Network for calls to Kard and webhooks, if it differs from that of the other functions. */
  egress: Pick<BundledFunctionProps, "network">;
}

/** The table and the retention of its items. */
export function storeEnvironment({ config, table }: Pick<Parts, "config" | "table">) {
  const { auditRetentionDays, notificationRetentionDays } = config;
  return {
    TABLE_NAME: table.tableName,
    ...(auditRetentionDays && { AUDIT_RETENTION_DAYS: String(auditRetentionDays) }),
    ...(notificationRetentionDays && { NOTIFICATION_RETENTION_DAYS: String(notificationRetentionDays) }),
  };
}

/**
 * Kard's URLs, secret and rate limit: that of one poller, or of all interactive functions together.
 */
export function kardEnvironment(
  { config, kardSecret }: Pick<Parts, "config" | "kardSecret">,
  requestsPerSecond: number,
) {
  return {
    KARD_API_URL: config.kardApiUrl,
    KARD_TOKEN_URL: config.kardTokenUrl,
    KARD_TOKEN_REQUEST: config.kardTokenRequest,
    KARD_TARGET_ISSUER_ON_CREATE: String(config.kardTargetIssuerOnCreate),
    KARD_SECRET_ARN: kardSecret.secretArn,
    KARD_REQUESTS_PER_SECOND: String(requestsPerSecond),
  };
}

/** The rate limit of an issuer's callers, and of Kard's pushes about it. */
export function issuerLimitEnvironment({ config }: Pick<Parts, "config">) {
  return { ISSUER_REQUESTS_PER_SECOND: String(config.issuerRequestsPerSecond) };
}

/** The rate limit that all interactive functions share, and its margin for late calls. */
export function interactiveKardEnvironment(parts: Pick<Parts, "config" | "kardSecret">) {
  return {
    ...kardEnvironment(parts, divideRateLimit(parts.config).interactive),
    KARD_ARRIVAL_SPREAD_MS: String(parts.config.kardArrivalSpreadMs),
  };
}

/** Authentication and rate limits of callers. */
export function callersEnvironment(parts: Pick<Parts, "config">) {
  const { config } = parts;
  return {
    ...issuerLimitEnvironment(parts),
    CALLER_REQUESTS_PER_SECOND: String(config.callerRequestsPerSecond),
    ...(config.identityProvider && { IDENTITY_PROVIDER: JSON.stringify(config.identityProvider) }),
  };
}

/** Permissions for authenticating callers and counting their requests. */
export function callersGrants({ table }: Pick<Parts, "table">) {
  return [table.allowItems(["apiKeys"], "GetItem", "UpdateItem"), table.allowItems(["requestCounts"], "UpdateItem")];
}

/** The origin secret that requests must carry, if there is one. */
export function originEnvironment({ config }: Pick<Parts, "config">) {
  return { ...(config.originSecretSha256 && { ORIGIN_SECRET_SHA256: config.originSecretSha256 }) };
}

/** Where events of subscriptions may go, and with which certificates. */
export function webhookEnvironment({ config, webhookTls }: Pick<Parts, "config" | "webhookTls">) {
  const targets: WebhookTargets = {
    reach: config.webhookTargets,
    ports: config.webhookPorts,
    ...(config.privateWebhookTargets.length > 0 && { privateTargets: config.privateWebhookTargets }),
    ...(config.webhookDnsServers && { dnsServers: config.webhookDnsServers }),
  };
  return {
    WEBHOOK_TARGETS: JSON.stringify(targets),
    ...(webhookTls && { WEBHOOK_TLS_SECRET_ARN: webhookTls.secretArn }),
    ...(hasTargets(config) && { ISSUER_TARGETS: targetsVariable(config.targetAccounts) }),
  };
}

const hasTargets = ({ targetAccounts }: Config) => Object.keys(targetAccounts).length > 0;

/** What sending events to webhooks, and to queues and event buses of issuers, needs. */
export function webhookGrants({ config, webhookTls }: Pick<Parts, "config" | "webhookTls">) {
  return [...(webhookTls === undefined ? [] : allowReadsOf(webhookTls)), ...allowTargets(config.targetAccounts)];
}

/** How long after its resolution an audit is compared with Kard's rewards, if follow-ups are turned on. */
export function followUpEnvironment({ config: { followUpAfterDays } }: Pick<Parts, "config">) {
  return { ...(followUpAfterDays && { FOLLOW_UP_AFTER_MS: String(Math.round(followUpAfterDays * dayMs)) }) };
}

/** When open audits are polled. */
export function planEnvironment({ config }: Pick<Parts, "config">) {
  return { POLL_PLAN: JSON.stringify(effectivePollPlan(config)) };
}
