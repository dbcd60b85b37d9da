import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { SubscriptionsApiEnvironment } from "../../functions/subscriptions-api/environment.ts";
import { BundledFunction } from "../constructs/bundled-function.ts";
import { acknowledgeTargets } from "../constructs/issuer-targets.ts";
import {
  callersEnvironment,
  callersGrants,
  originEnvironment,
  type Parts,
  storeEnvironment,
  webhookEnvironment,
  webhookGrants,
} from "./parts.ts";

type SubscriptionsApiProps = Pick<Parts, "config" | "table" | "webhookTls" | "deliveries" | "common" | "egress">;

/** Manages webhook subscriptions, and lists and replays notifications. */
export class SubscriptionsApi extends BundledFunction {
  constructor(scope: Construct, id: string, parts: SubscriptionsApiProps) {
    const { config, table, deliveries, common, egress } = parts;
    super(scope, id, {
      ...common,
      ...egress,
      folder: "subscriptions-api",
      description: "Manages webhook subscriptions, and lists and replays notifications",
      timeout: Duration.seconds(29),
      reservedConcurrentExecutions: config.apiConcurrency,
      environment: {
        ...storeEnvironment(parts),
        ...originEnvironment(parts),
        ...callersEnvironment(parts),
        ...webhookEnvironment(parts),
        DELIVERIES_QUEUE_URL: deliveries.queueUrl,
      } satisfies SubscriptionsApiEnvironment,
      grants: [
        table.allowItems(["audits"], "GetItem", "BatchGetItem", "PutItem"),
        table.allowItems(["subscriptions"], "GetItem", "PutItem", "Query"),
        table.allowItems(["endpointRates"], "UpdateItem"),
        ...callersGrants(parts),
        table.allowIndexes("lanes", "byIssuer"),
        deliveries.allowSend(),
        ...webhookGrants(parts),
      ],
    });
    acknowledgeTargets(this.role ?? this, config.targetAccounts);
  }
}
