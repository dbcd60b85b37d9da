import { App } from "aws-cdk-lib/core";
import { CURRENTLY_RECOMMENDED_FLAGS } from "aws-cdk-lib/cx-api";
import { AuditTrackerStack } from "./audit-tracker-stack.ts";
import { readConfig } from "./config.ts";

const app = new App({ context: CURRENTLY_RECOMMENDED_FLAGS });
const read = readConfig(app.node.getAllContext());

if (read.outcome === "invalid") {
  console.error(`The configuration is wrong. ${read.reason}`);
  process.exit(1);
}

new AuditTrackerStack(app, `KardAuditTracker-${read.config.stage}`, { config: read.config });
