import { Template } from "aws-cdk-lib/assertions";
import { App, Stack } from "aws-cdk-lib/core";
import { AuditTracker } from "../../infra/audit-tracker.ts";
import type { AuditTrackerProps } from "../../infra/audit-tracker-props.ts";
import { featureFlags } from "../../infra/feature-flags.ts";

export const kardTokenUrl = "https://issuer.example/oauth2/token";

/** A tracker in a stack of the CDK app, with the template that comes of it. */
export function embedded(propsOf: (stack: Stack) => Partial<AuditTrackerProps>) {
  const stack = new Stack(new App({ context: { ...featureFlags, "aws:cdk:bundling-stacks": [] } }), "Ledger");
  const tracker = new AuditTracker(stack, "Audits", { kardTokenUrl, ...propsOf(stack) });
  return { stack, tracker, template: Template.fromStack(stack) };
}
