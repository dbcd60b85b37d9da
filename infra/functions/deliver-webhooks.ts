import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { DeliverWebhooksEnvironment } from "../../functions/deliver-webhooks/environment.ts";
import { acknowledgeTargets } from "../constructs/issuer-targets.ts";
import { QueueWorker } from "../constructs/queue-worker.ts";
import { type Parts, storeEnvironment, webhookEnvironment, webhookGrants } from "./parts.ts";
import { announceEnvironment, announceGrants } from "./publishing-parts.ts";

type DeliverWebhooksProps = Pick<
  Parts,
  | "config"
  | "table"
  | "webhookTls"
  | "resolutions"
  | "deliveries"
  | "slowDeliveries"
  | "eventBus"
  | "eventTopic"
  | "contacts"
  | "common"
  | "egress"
>;

/** Delivers events to the issuers' webhooks. */
export class DeliverWebhooks extends QueueWorker {
  constructor(scope: Construct, id: string, parts: DeliverWebhooksProps) {
    const { config, table, deliveries, slowDeliveries, common, egress } = parts;
    super(scope, id, {
      ...common,
      ...egress,
      folder: "deliver-webhooks",
      description: "Delivers events to the issuers' webhooks",
      timeout: Duration.seconds(60),
      queues: {
        Messages: { queue: deliveries, maxConcurrency: config.deliveryConcurrency },
        SlowMessages: { queue: slowDeliveries, maxConcurrency: config.slowDeliveryConcurrency },
      },
      environment: {
        ...storeEnvironment(parts),
        ...webhookEnvironment(parts),
        ...announceEnvironment(parts),
        SLOW_DELIVERIES_QUEUE_URL: slowDeliveries.queueUrl,
        SLOW_DELIVERIES_QUEUE_ARN: slowDeliveries.queueArn,
      } satisfies DeliverWebhooksEnvironment,
      grants: [
        // Ordered delivery queries the earlier notifications of an audit.
        table.allowItems(["audits"], "GetItem", "PutItem", "Query"),
        table.allowItems(["audits", "events"], "BatchWriteItem"),
        table.allowItems(["subscriptions"], "GetItem", "PutItem", "Query"),
        table.allowItems(["endpointRates"], "UpdateItem"),
        // An event about an endpoint's health says how many notifications wait for it.
        table.allowIndexes("byIssuer"),
        ...announceGrants(parts),
        slowDeliveries.allowSend(),
        ...webhookGrants(parts),
      ],
    });
    acknowledgeTargets(this.role ?? this, config.targetAccounts);
  }
}
