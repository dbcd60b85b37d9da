import { type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup, type SubnetSelection } from "aws-cdk-lib/aws-ec2";
import { Effect, PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import type { Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

/** A network that functions run in. */
export interface Network {
  readonly vpc: IVpc;
  readonly vpcSubnets?: SubnetSelection | undefined;
  readonly securityGroups: ISecurityGroup[];
}

/** A security group that lets calls out by TCP, and none in. */
export function outboundOnly(scope: Construct, id: string, vpc: IVpc): SecurityGroup {
  const group = new SecurityGroup(scope, id, { vpc, description: "Out by TCP, and not in", allowAllOutbound: false });
  group.addEgressRule(Peer.anyIpv4(), Port.allTcp());
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
 * Lets Lambda put a function into a network, before which the function must not be made, and denies the same to the
 * function's own code, whose calls carry `lambda:SourceFunctionArn`.
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
    reason: "Lambda's own interfaces have no name before they are made, and EC2 knows no finer right.",
  });
}
