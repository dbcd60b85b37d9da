import { Template } from "aws-cdk-lib/assertions";
import { App, Stack } from "aws-cdk-lib/core";
import { AuditTracker } from "../../../infra/audit-tracker.ts";
import { featureFlags } from "../../../infra/config/feature-flags.ts";
import type { AuditTrackerProps } from "../../../infra/props/audit-tracker-props.ts";

export const kardTokenUrl = "https://issuer.example/oauth2/token";

/** Synthesizes a tracker in a stack of another CDK app. */
export function embedded(propsOf: (stack: Stack) => Partial<AuditTrackerProps>) {
  const stack = new Stack(new App({ context: { ...featureFlags, "aws:cdk:bundling-stacks": [] } }), "Ledger");
  const tracker = new AuditTracker(stack, "Audits", { kardTokenUrl, ...propsOf(stack) });
  return { stack, tracker, template: Template.fromStack(stack) };
}
