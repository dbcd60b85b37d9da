import { Template } from "aws-cdk-lib/assertions";
import { App } from "aws-cdk-lib/core";
import { AuditTrackerStack } from "../../../infra/audit-tracker-stack.ts";
import { readConfig } from "../../../infra/config/config.ts";
import { featureFlags } from "../../../infra/config/feature-flags.ts";

/** Required values of production. */
export const prod = { stage: "prod", kardTokenUrl: "https://issuer.example/oauth2/token" };

/** The template for a context, without bundling the functions. */
export function synthesize(context: Record<string, unknown> = {}, stackName = "Stack"): Template {
  const read = readConfig(context);
  if (read.outcome === "invalid") throw new Error(read.reason);
  const app = new App({ context: { ...featureFlags, "aws:cdk:bundling-stacks": [] } });
  return Template.fromStack(new AuditTrackerStack(app, stackName, { config: read.config }));
}

/** All resources of a type by logical id. */
export function resourcesOf(template: Template, type: string): [id: string, properties: Record<string, unknown>][] {
  return Object.entries(template.findResources(type)).map(([id, { Properties }]) => [id, Properties]);
}
