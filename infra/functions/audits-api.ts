import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { AuditsApiEnvironment } from "../../functions/audits-api/environment.ts";
import { BundledFunction } from "../constructs/bundled-function.ts";
import { allowReadOf } from "../constructs/kard-secret.ts";
import {
  callersEnvironment,
  callersGrants,
  followUpEnvironment,
  interactiveKardEnvironment,
  originEnvironment,
  type Parts,
  planEnvironment,
  storeEnvironment,
} from "./parts.ts";
import { publishEnvironment, publishGrants } from "./publishing-parts.ts";

type AuditsApiProps = Pick<
  Parts,
  "config" | "table" | "kardSecret" | "resolutions" | "deliveries" | "eventBus" | "eventTopic" | "common" | "egress"
>;

/** Accepts audits, submits them to Kard and shows their status. */
export class AuditsApi extends BundledFunction {
  constructor(scope: Construct, id: string, parts: AuditsApiProps) {
    const { config, table, kardSecret, common, egress } = parts;
    super(scope, id, {
      ...common,
      ...egress,
      folder: "audits-api",
      description: "Accepts audits, submits them to Kard and shows their status",
      timeout: Duration.seconds(29),
      reservedConcurrentExecutions: config.apiConcurrency,
      environment: {
        ...storeEnvironment(parts),
        ...originEnvironment(parts),
        ...callersEnvironment(parts),
        ...publishEnvironment(parts),
        ...followUpEnvironment(parts),
        ...interactiveKardEnvironment(parts),
        ...planEnvironment(parts),
        DUPLICATE_WINDOW_SECONDS: String(config.duplicateWindowSeconds),
      } satisfies AuditsApiEnvironment,
      grants: [
        table.allowItems(["audits"], "GetItem", "BatchGetItem", "PutItem", "UpdateItem", "Query"),
        table.allowItems(["issuers"], "PutItem"),
        table.allowItems(["kardAuditIds"], "GetItem", "BatchGetItem", "UpdateItem"),
        table.allowItems(["adoptions"], "GetItem", "PutItem"),
        table.allowItems(["audits", "events"], "BatchWriteItem"),
        table.allowItems(["events"], "Query"),
        table.allowItems(["stats"], "GetItem", "BatchGetItem", "PutItem"),
        table.allowItems(["polls"], "GetItem"),
        table.allowItems(["subscriptions"], "Query"),
        table.allowItems(["callSchedules"], "UpdateItem"),
        ...callersGrants(parts),
        // To find out whether another issuer shares a Kard credential.
        table.allowItems(["issuers", "apiKeys"], "Query"),
        table.allowIndexes("lanes", "byIssuer", "bySettlement", "byTransaction", "byReference"),
        allowReadOf(kardSecret),
        ...publishGrants(parts),
      ],
    });
  }
}
