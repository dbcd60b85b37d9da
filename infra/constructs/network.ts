import { type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup, type SubnetSelection } from "aws-cdk-lib/aws-ec2";
import { Effect, PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

/** A network for functions. */
export interface Network {
  readonly vpc: IVpc;
  readonly vpcSubnets?: SubnetSelection | undefined;
  readonly securityGroups: ISecurityGroup[];
}

/**
 * A security group that allows outgoing TCP, and DNS over UDP. Functions ask the name servers of the VPC's DHCP
 * options. Only queries to Amazon's own resolver pass without a rule.
 * https://dev.classmethod.jp/articles/vpc-lambda-dhcp-option-sets/
 * https://dev.classmethod.jp/articles/security-group-outbound-rule-cannot-filter-traffic-to-amazon-dns-server/
 */
export function outboundOnly(scope: Construct, id: string, vpc: IVpc): SecurityGroup {
  const group = new SecurityGroup(scope, id, { vpc, description: "Outgoing TCP and DNS", allowAllOutbound: false });
  for (const port of [Port.allTcp(), Port.DNS_UDP]) group.addEgressRule(Peer.anyIpv4(), port);
  return group;
}

const interfaceActions = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/**
 * Lets Lambda attach a function to a network. The function depends on this permission. The function's own code, whose
 * calls carry `lambda:SourceFunctionArn`, is denied the same actions.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function admitToNetwork(fn: LambdaFunction, role: Role): void {
  const all = { actions: interfaceActions, resources: ["*"] };
  const { policyDependable } = role.addToPrincipalPolicy(new PolicyStatement(all));
  const conditions = { Null: { "lambda:SourceFunctionArn": "false" } };
  role.addToPrincipalPolicy(new PolicyStatement({ ...all, effect: Effect.DENY, conditions }));
  if (policyDependable !== undefined) fn.node.addDependency(policyDependable);
  Validations.of(role).acknowledge({
    id: "AwsSolutions::AwsSolutions-IAM5[Resource::*]",
    reason: "Lambda's network interfaces have no ARN before their creation, and EC2 has no finer permission.",
  });
}
