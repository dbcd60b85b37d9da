import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { SweepOutboxEnvironment } from "../../functions/sweep-outbox/environment.ts";
import { ScheduledFunction } from "../constructs/scheduled-function.ts";
import { type Parts, planEnvironment, storeEnvironment } from "./parts.ts";
import { announceEnvironment, announceGrants } from "./publishing-parts.ts";

type SweepOutboxProps = Pick<
  Parts,
  "config" | "table" | "resolutions" | "deliveries" | "eventBus" | "eventTopic" | "contacts" | "common"
>;

/** Publishes events that a crash left in the outbox, sends due webhook retries, and refreshes figures. */
export class SweepOutbox extends ScheduledFunction {
  constructor(scope: Construct, id: string, parts: SweepOutboxProps) {
    const { config, table, resolutions, common } = parts;
    super(scope, id, {
      ...common,
      folder: "sweep-outbox",
      description: "Publishes events that a crash left unpublished, sends due webhook retries, and refreshes figures",
      timeout: Duration.seconds(55),
      inputs: [{}],
      environment: {
        ...storeEnvironment(parts),
        ...announceEnvironment(parts),
        ...planEnvironment(parts),
      } satisfies SweepOutboxEnvironment,
      grants: [
        table.allowItems(["audits"], "GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
        table.allowItems(["events"], "BatchWriteItem"),
        table.allowItems(["issuers"], "Query"),
        // An audit's Kard id expires with the audit.
        ...(config.auditRetentionDays === undefined ? [] : [table.allowItems(["kardAuditIds"], "UpdateItem")]),
        table.allowItems(["subscriptions"], "GetItem", "PutItem", "DeleteItem", "Query"),
        // The figures of open audits.
        table.allowItems(["stats"], "GetItem", "PutItem"),
        table.allowItems(["polls"], "GetItem"),
        table.allowIndexes("lanes", "outbox"),
        resolutions.allowSend(),
        ...announceGrants(parts),
      ],
    });
  }
}
