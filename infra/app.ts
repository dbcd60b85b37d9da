import { App, Tags } from "aws-cdk-lib/core";
import { AuditTrackerStack } from "./audit-tracker-stack.ts";
import { readConfig } from "./config/config.ts";
import { featureFlags } from "./config/feature-flags.ts";
import { readStageFile } from "./config/stage-file.ts";

const app = new App({ context: featureFlags });
const context = app.node.getAllContext();
const read = readConfig({ ...readStageFile(context.stage ?? "dev"), ...context });

if (read.outcome === "invalid") {
  console.error(`Invalid configuration: ${read.reason}`);
  process.exit(1);
}

const { account, region, stage, tags } = read.config;
const stack = new AuditTrackerStack(app, `KardAuditTracker-${stage}`, {
  config: read.config,
  // Without these, the stack is deployed to the shell's account and region.
  ...(account && region && { env: { account, region } }),
});
for (const [name, value] of Object.entries(tags)) Tags.of(stack).add(name, value);
