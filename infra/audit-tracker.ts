import type { Metric, MetricOptions } from "aws-cdk-lib/aws-cloudwatch";
import { RemovalPolicy, Stack } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { type Config, validConfig } from "./config/config.ts";
import type { AuditTrackerProps } from "./props/audit-tracker-props.ts";
import { Tracker } from "./tracker.ts";
import { addTrackerOutputs } from "./tracker-outputs.ts";

// biome-ignore lint/performance/noBarrelFile: this is the entry point of the package.
export { AuditSubscription, type AuditSubscriptionProps } from "./audit-subscription.ts";
export type { ApiDomain } from "./props/api-props.ts";
export type { AuditTrackerProps } from "./props/audit-tracker-props.ts";
export type { CanaryProps } from "./props/operations-props.ts";
export type { TrackerNetwork } from "./props/resource-props.ts";
export type { IssuerContact } from "./props/webhook-props.ts";
export type { TrackerFunctions } from "./tracker.ts";

/**
 * Tracks Kard transaction audits until they are closed: the whole system, for any stack.
 *
 * @throws Error that lists each invalid property with the reason
 */
export class AuditTracker extends Tracker {
  constructor(scope: Construct, id: string, props: AuditTrackerProps) {
    const {
      domain,
      network,
      encryptionKey,
      existingTable,
      existingSecret,
      webhookTls,
      resolutionsConsumers,
      eventBus,
      eventTopic,
      contacts,
      gradualDeploy,
      ...settings
    } = props;
    const given = {
      domain,
      network,
      encryptionKey,
      existingTable,
      existingSecret,
      webhookTls,
      resolutionsConsumers,
      eventBus,
      eventTopic,
      contacts,
      gradualDeploy,
    };
    super(scope, id, configOf(settings), withoutUndefined(given));
  }

  /** Adds outputs to the stack, under the names that `kard-audits` and the runbook rely on. */
  addOutputs(scope: Construct = Stack.of(this)): void {
    addTrackerOutputs(scope, this);
  }

  /** How late the latest poll was, in seconds. */
  metricPollLag(options?: MetricOptions): Metric {
    return this.own("poll-audits", "PollLagSeconds", { statistic: "Maximum", ...options });
  }

  /** How long the oldest unpublished event has waited, in seconds. */
  metricOutboxLag(options?: MetricOptions): Metric {
    return this.own("sweep-outbox", "OutboxLagSeconds", { statistic: "Maximum", ...options });
  }

  /** How late the latest retry of a webhook was, in seconds. */
  metricDeliveryLag(options?: MetricOptions): Metric {
    return this.own("sweep-outbox", "DeliveryLagSeconds", { statistic: "Maximum", ...options });
  }

  /** Audits that were filed through the API. */
  metricAuditsFiled(options?: MetricOptions): Metric {
    return this.own("audits-api", "AuditsFiled", options);
  }

  /** Webhook attempts with a 2xx response. */
  metricWebhooksDelivered(options?: MetricOptions): Metric {
    return this.own("deliver-webhooks", "WebhooksDelivered", options);
  }

  /** Webhooks whose attempts have all failed. */
  metricWebhooksExhausted(options?: MetricOptions): Metric {
    return this.own("deliver-webhooks", "WebhooksExhausted", options);
  }
}

type Settings = Omit<
  AuditTrackerProps,
  | "domain"
  | "network"
  | "encryptionKey"
  | "existingTable"
  | "existingSecret"
  | "webhookTls"
  | "resolutionsConsumers"
  | "eventBus"
  | "eventTopic"
  | "contacts"
  | "gradualDeploy"
>;

function configOf({
  logRetention,
  auditRetention,
  notificationRetention,
  dueAfter,
  dueSoon,
  followUpAfter,
  staticEgress,
  removalPolicy,
  ...others
}: Settings): Config {
  return validConfig(
    withoutUndefined({
      ...others,
      stage: "prod",
      logRetentionDays: logRetention,
      auditRetentionDays: auditRetention?.toDays(),
      notificationRetentionDays: notificationRetention?.toDays(),
      dueAfterDays: dueAfter?.toDays(),
      dueSoonDays: dueSoon?.toDays(),
      followUpAfterDays: followUpAfter?.toDays(),
      egress: staticEgress ? "static-ips" : undefined,
      removalPolicy: removalPolicy === RemovalPolicy.DESTROY ? "destroy" : "retain",
    }),
  );
}

/** Removes undefined properties, so that they get their defaults. */
function withoutUndefined<Given extends object>(given: Given) {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Given]: Exclude<Given[Name], undefined>;
  };
}
