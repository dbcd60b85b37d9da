import {
  CfnEIP,
  GatewayVpcEndpointAwsService,
  type IVpc,
  NatProvider,
  Peer,
  Port,
  SecurityGroup,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { PolicyStatement, type Role } from "aws-cdk-lib/aws-iam";
import type { FunctionOptions, Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";

const zones = 2;

/** A network whose way out has addresses that stay, one in each of two zones, for whoever lists whom they let in. */
export class StaticEgress extends Construct {
  /** Puts a function into the network. */
  readonly placement: Pick<FunctionOptions, "vpc" | "securityGroups">;
  readonly addresses: string[];

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const addresses = Array.from({ length: zones }, (_, zone) => new CfnEIP(this, `Address${zone}`));
    const vpc = new Vpc(this, "Vpc", {
      maxAzs: zones,
      natGateways: zones,
      natGatewayProvider: NatProvider.gateway({ eipAllocationIds: addresses.map((ip) => ip.attrAllocationId) }),
      // It would take a function of CDK's own, and nothing is ever in the default group.
      restrictDefaultSecurityGroup: false,
      // Free of charge, unlike the gateways: most calls are DynamoDB's.
      gatewayEndpoints: { DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB } },
    });
    const securityGroup = new SecurityGroup(this, "Outbound", {
      vpc: vpc as IVpc,
      description: "Out by TCP, and not in",
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(Peer.anyIpv4(), Port.allTcp());
    this.placement = { vpc: vpc as IVpc, securityGroups: [securityGroup] };
    this.addresses = addresses.map((ip) => ip.attrPublicIp);
    Validations.of(vpc).acknowledge({
      id: "AwsSolutions::AwsSolutions-VPC7",
      reason: "Nobody gets in, and what goes out is in the functions' own logs and metrics.",
    });
  }

  /** Lets Lambda put a function into the network, before which it must not be made. */
  static admit(fn: LambdaFunction, role: Role): void {
    const { policyDependable } = role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [
          "ec2:AssignPrivateIpAddresses",
          "ec2:CreateNetworkInterface",
          "ec2:DeleteNetworkInterface",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSubnets",
          "ec2:UnassignPrivateIpAddresses",
        ],
        resources: ["*"],
      }),
    );
    if (policyDependable !== undefined) fn.node.addDependency(policyDependable);
    Validations.of(role).acknowledge({
      id: "AwsSolutions::AwsSolutions-IAM5[Resource::*]",
      reason: "Lambda's own interfaces have no name before they are made, and EC2 knows no finer right.",
    });
  }
}
