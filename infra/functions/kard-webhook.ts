import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { KardWebhookEnvironment } from "../../functions/kard-webhook/environment.ts";
import { BundledFunction } from "../constructs/bundled-function.ts";
import { allowReadOf } from "../constructs/kard-secret.ts";
import {
  followUpEnvironment,
  interactiveKardEnvironment,
  issuerLimitEnvironment,
  originEnvironment,
  type Parts,
  storeEnvironment,
} from "./parts.ts";
import { publishEnvironment, publishGrants } from "./publishing-parts.ts";

type KardWebhookProps = Pick<
  Parts,
  "config" | "table" | "kardSecret" | "resolutions" | "deliveries" | "eventBus" | "eventTopic" | "common" | "egress"
>;

/** Receives Kard's pushes and reads the status of the audits that they name. */
export class KardWebhook extends BundledFunction {
  constructor(scope: Construct, id: string, parts: KardWebhookProps) {
    const { config, table, kardSecret, common, egress } = parts;
    super(scope, id, {
      ...common,
      ...egress,
      folder: "kard-webhook",
      description: "Receives Kard's pushes and reads the audit's status from Kard",
      timeout: Duration.seconds(29),
      reservedConcurrentExecutions: config.apiConcurrency,
      environment: {
        ...storeEnvironment(parts),
        ...originEnvironment(parts),
        ...issuerLimitEnvironment(parts),
        ...publishEnvironment(parts),
        ...followUpEnvironment(parts),
        ...interactiveKardEnvironment(parts),
      } satisfies KardWebhookEnvironment,
      grants: [
        table.allowItems(["audits"], "GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
        table.allowItems(["audits", "events"], "BatchWriteItem"),
        table.allowItems(["kardAuditIds"], "GetItem", "UpdateItem"),
        table.allowItems(["subscriptions"], "Query"),
        table.allowItems(["callSchedules", "requestCounts"], "UpdateItem"),
        table.allowIndexes("byTransaction"),
        allowReadOf(kardSecret),
        ...publishGrants(parts),
      ],
    });
  }
}
