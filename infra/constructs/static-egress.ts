import { CfnEIP, GatewayVpcEndpointAwsService, type IVpc, NatProvider, Vpc } from "aws-cdk-lib/aws-ec2";
import { type RemovalPolicy, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { type Network, outboundOnly } from "./network.ts";

const zones = 2;

/** A network whose way out has addresses that stay, one in each of two zones, for whoever lists whom they let in. */
export class StaticEgress extends Construct {
  readonly network: Network;
  readonly addresses: string[];

  constructor(scope: Construct, id: string, { removalPolicy }: { removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const addresses = Array.from({ length: zones }, (_, zone) => new CfnEIP(this, `Address${zone}`));
    // Receivers and Kard have them on their lists.
    for (const address of addresses) address.applyRemovalPolicy(removalPolicy);
    const vpc = new Vpc(this, "Vpc", {
      maxAzs: zones,
      natGateways: zones,
      natGatewayProvider: NatProvider.gateway({ eipAllocationIds: addresses.map((ip) => ip.attrAllocationId) }),
      // It would take a function of CDK's own, and nothing is ever in the default group.
      restrictDefaultSecurityGroup: false,
      // Free of charge, unlike the gateways: most calls are DynamoDB's.
      gatewayEndpoints: { DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB } },
    });
    this.network = { vpc: vpc as IVpc, securityGroups: [outboundOnly(this, "Outbound", vpc as IVpc)] };
    this.addresses = addresses.map((ip) => ip.attrPublicIp);
    Validations.of(vpc).acknowledge({
      id: "AwsSolutions::AwsSolutions-VPC7",
      reason: "Nobody gets in, and what goes out is in the functions' own logs and metrics.",
    });
  }
}
