import { App } from "aws-cdk-lib/core";
import { AuditTrackerStack } from "./audit-tracker-stack.ts";
import { readConfig } from "./config.ts";
import { featureFlags } from "./feature-flags.ts";

const app = new App({ context: featureFlags });
const read = readConfig(app.node.getAllContext());

if (read.outcome === "invalid") {
  console.error(`The configuration is wrong. ${read.reason}`);
  process.exit(1);
}

new AuditTrackerStack(app, `KardAuditTracker-${read.config.stage}`, { config: read.config });
