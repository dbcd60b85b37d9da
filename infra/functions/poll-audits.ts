import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { PollAuditsEnvironment, PollAuditsInput } from "../../functions/poll-audits/environment.ts";
import { divideRateLimit } from "../config/divide-rate-limit.ts";
import { allowReadOf } from "../constructs/kard-secret.ts";
import { ScheduledFunction } from "../constructs/scheduled-function.ts";
import { followUpEnvironment, kardEnvironment, type Parts, planEnvironment, storeEnvironment } from "./parts.ts";
import { publishEnvironment, publishGrants } from "./publishing-parts.ts";

type PollAuditsProps = Pick<
  Parts,
  "config" | "table" | "kardSecret" | "resolutions" | "deliveries" | "eventBus" | "eventTopic" | "common" | "egress"
>;

/** Submits and adopts the audits that wait for Kard, and polls the open audits that are due. */
export class PollAudits extends ScheduledFunction {
  constructor(scope: Construct, id: string, parts: PollAuditsProps) {
    const { config, table, kardSecret, common, egress } = parts;
    super(scope, id, {
      ...common,
      ...egress,
      folder: "poll-audits",
      description: "Submits waiting audits and polls open audits that are due",
      timeout: Duration.seconds(55),
      inputs: shardsOf(config.pollers).map((shards) => ({ shards }) satisfies PollAuditsInput),
      environment: {
        ...storeEnvironment(parts),
        ...publishEnvironment(parts),
        ...followUpEnvironment(parts),
        ...kardEnvironment(parts, divideRateLimit(config).perPoller),
        ...planEnvironment(parts),
      } satisfies PollAuditsEnvironment,
      grants: [
        table.allowItems(["audits"], "GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
        table.allowItems(["audits", "events"], "BatchWriteItem"),
        table.allowItems(["kardAuditIds"], "GetItem", "UpdateItem"),
        table.allowItems(["adoptions"], "GetItem", "UpdateItem", "DeleteItem"),
        table.allowItems(["issuers"], "PutItem"),
        table.allowItems(["issuers", "subscriptions"], "Query"),
        // Whether a shared Kard credential is another issuer's as well.
        table.allowItems(["apiKeys"], "Query"),
        table.allowItems(["polls"], "GetItem", "UpdateItem", "DeleteItem", "Query"),
        table.allowIndexes("lanes", "byTransaction"),
        allowReadOf(kardSecret),
        ...publishGrants(parts),
      ],
    });
  }
}

/** The eight shards of a lane, divided among the pollers. */
function shardsOf(pollers: number): number[][] {
  const each = 8 / pollers;
  return Array.from({ length: pollers }, (_, poller) => Array.from({ length: each }, (_, i) => poller * each + i));
}
