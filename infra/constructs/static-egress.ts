import { CfnEIP, GatewayVpcEndpointAwsService, type IVpc, NatProvider, Vpc } from "aws-cdk-lib/aws-ec2";
import { type RemovalPolicy, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { type Network, outboundOnly } from "./network.ts";

const zones = 2;

/** A network with fixed egress addresses, one in each of two zones, for receivers with an allow list. */
export class StaticEgress extends Construct {
  readonly network: Network;
  readonly addresses: string[];

  constructor(scope: Construct, id: string, { removalPolicy }: { removalPolicy: RemovalPolicy }) {
    super(scope, id);
    const addresses = Array.from({ length: zones }, (_, zone) => new CfnEIP(this, `Address${zone}`));
    // Receivers and Kard have these addresses on their allow lists.
    for (const address of addresses) address.applyRemovalPolicy(removalPolicy);
    const vpc = new Vpc(this, "Vpc", {
      maxAzs: zones,
      natGateways: zones,
      natGatewayProvider: NatProvider.gateway({ eipAllocationIds: addresses.map((ip) => ip.attrAllocationId) }),
      // Restricting the default group needs a function of the CDK, and nothing uses that group.
      restrictDefaultSecurityGroup: false,
      // A gateway endpoint is free, unlike NAT gateways, and most calls go to DynamoDB.
      // https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html
      gatewayEndpoints: { DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB } },
    });
    this.network = { vpc: vpc as IVpc, securityGroups: [outboundOnly(this, "Outbound", vpc as IVpc)] };
    this.addresses = addresses.map((ip) => ip.attrPublicIp);
    Validations.of(vpc).acknowledge({
      id: "AwsSolutions::AwsSolutions-VPC7",
      reason: "Nothing can connect from outside, and the functions log and measure outgoing calls.",
    });
  }
}
