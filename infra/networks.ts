import type { RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { Config } from "./config/config.ts";
import { type Network, outboundOnly } from "./constructs/network.ts";
import { StaticEgress } from "./constructs/static-egress.ts";
import type { AuditTrackerProps } from "./props/audit-tracker-props.ts";

interface Networks {
  /** Network of all functions: Lambda's own unless one is given. */
  ofAll: Network | undefined;
  /** Network of the functions that call Kard or webhooks. */
  ofCallers: Network | undefined;
  /** The fixed source addresses of these calls, if there are any. */
  addresses: readonly string[] | undefined;
}

/** Chooses the networks of the functions. */
export function networksOf(
  scope: Construct,
  config: Pick<Config, "egress">,
  { network }: Pick<AuditTrackerProps, "network">,
  removalPolicy: RemovalPolicy,
): Networks {
  if (network !== undefined) {
    const { vpc, vpcSubnets, securityGroups = [outboundOnly(scope, "Outbound", vpc)] } = network;
    const ofAll = { vpc, vpcSubnets, securityGroups };
    return { ofAll, ofCallers: ofAll, addresses: undefined };
  }
  if (config.egress === "internet") return { ofAll: undefined, ofCallers: undefined, addresses: undefined };
  const egress = new StaticEgress(scope, "Egress", { removalPolicy });
  return { ofAll: undefined, ofCallers: egress.network, addresses: egress.addresses };
}
