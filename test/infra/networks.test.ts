import { expect, test } from "@jest/globals";
import { resourcesOf, synthesize } from "./support/synthesize.ts";

test("with static egress, calling functions use two NAT gateways, and the outputs have the addresses", () => {
  const placed = synthesize({ egress: "static-ips" });
  placed.resourceCountIs("AWS::EC2::NatGateway", 2);
  placed.resourceCountIs("AWS::EC2::EIP", 2);
  placed.hasOutput("EgressAddresses", {});
  const inNetwork = resourcesOf(placed, "AWS::Lambda::Function").filter(([, { VpcConfig }]) => VpcConfig !== undefined);
  expect(inNetwork).toHaveLength(5);
  synthesize({}).resourceCountIs("AWS::EC2::VPC", 0);
});

test("an existing network contains all functions, with its subnets and security groups", () => {
  const network = {
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  };
  const given = synthesize({ network: JSON.stringify({ ...network, securityGroupIds: ["sg-0123456789abcdef0"] }) });
  const functions = resourcesOf(given, "AWS::Lambda::Function");
  expect(functions.length).toBeGreaterThan(5);
  for (const [, { VpcConfig }] of functions)
    expect(VpcConfig).toEqual({ SubnetIds: network.subnetIds, SecurityGroupIds: ["sg-0123456789abcdef0"] });
  given.resourceCountIs("AWS::EC2::SecurityGroup", 0);
  synthesize({ network }).hasResourceProperties("AWS::EC2::SecurityGroup", { VpcId: "vpc-0123456789abcdef0" });
});

test("a security group of the stack allows outgoing TCP, and DNS over UDP", () => {
  const network = { vpcId: "vpc-0123456789abcdef0", subnetIds: ["subnet-0123456789abcdef0"] };
  for (const context of [{ network }, { egress: "static-ips" }]) {
    const [[, group] = ["", {}]] = resourcesOf(synthesize(context), "AWS::EC2::SecurityGroup");
    expect(group.SecurityGroupIngress).toBeUndefined();
    expect(group.SecurityGroupEgress).toMatchObject([
      { CidrIp: "0.0.0.0/0", IpProtocol: "tcp", FromPort: 0, ToPort: 65535 },
      { CidrIp: "0.0.0.0/0", IpProtocol: "udp", FromPort: 53, ToPort: 53 },
    ]);
  }
});
