import { Certificate } from "aws-cdk-lib/aws-certificatemanager";
import { LambdaDeploymentConfig } from "aws-cdk-lib/aws-codedeploy";
import { TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { SecurityGroup, Subnet, Vpc } from "aws-cdk-lib/aws-ec2";
import { EventBus } from "aws-cdk-lib/aws-events";
import { Key } from "aws-cdk-lib/aws-kms";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { Annotations, Stack, type StackProps } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { Config } from "./config/config.ts";
import type { GivenResources } from "./props/given-resources.ts";
import type { IssuerContact } from "./props/webhook-props.ts";
import { Tracker } from "./tracker.ts";
import { addTrackerOutputs } from "./tracker-outputs.ts";

/** A tracker in its own stack, with its outputs. */
export class AuditTrackerStack extends Stack {
  constructor(scope: Construct, id: string, { config, ...props }: StackProps & { config: Config }) {
    super(scope, id, {
      description: "Tracks Kard transaction audits until they are closed",
      terminationProtection: config.removalPolicy === "retain",
      ...props,
    });
    // CDK leaves this construct id out of the logical ids of its children.
    addTrackerOutputs(this, new Tracker(this, "Default", config, givenResources(this, config)));
  }
}

/** The resources that the configuration names. */
function givenResources(scope: Construct, config: Config): GivenResources {
  const { existingTable, existingKey, existingSecret, eventBus, network, webhookTlsSecret, gradualDeploy } = config;
  return {
    ...domainOf(scope, config),
    ...(webhookTlsSecret && {
      webhookTls: Secret.fromSecretCompleteArn(scope, "WebhookTls", webhookTlsSecret),
    }),
    ...(gradualDeploy && {
      gradualDeploy: LambdaDeploymentConfig.fromLambdaDeploymentConfigName(
        scope,
        "GradualDeployConfig",
        `CodeDeployDefault.Lambda${gradualDeploy}`,
      ),
    }),
    ...(eventBus && {
      eventBus: eventBus === "new" ? eventBus : EventBus.fromEventBusArn(scope, "ExistingEventBus", eventBus),
    }),
    ...(config.eventTopic && { eventTopic: topicOf(scope, config.eventTopic, config.eventTopicKey) }),
    contacts: Object.fromEntries(
      Object.entries(config.contacts).map(([name, contact]) => [name, contactOf(scope, name, contact)]),
    ),
    ...(network && { network: networkOf(scope, network) }),
    ...(existingTable && { existingTable: TableV2.fromTableName(scope, "ExistingTable", existingTable) }),
    ...(existingKey && { encryptionKey: Key.fromKeyArn(scope, "ExistingKey", existingKey) }),
    ...(existingSecret && {
      existingSecret: Secret.fromSecretCompleteArn(scope, "ExistingSecret", existingSecret),
    }),
  };
}

function domainOf(scope: Construct, { domainName, certificateArn, mutualTls }: Config): Pick<GivenResources, "domain"> {
  if (domainName === undefined || certificateArn === undefined) return {};
  const certificate = Certificate.fromCertificateArn(scope, "Certificate", certificateArn);
  if (mutualTls === undefined) return { domain: { domainName, certificate } };
  const { key, version } = mutualTls;
  const bucket = Bucket.fromBucketName(scope, "Truststore", mutualTls.bucket);
  return { domain: { domainName, certificate, mutualTls: { bucket, key, ...(version && { version }) } } };
}

function topicOf(scope: Construct, eventTopic: string, keyArn: string | undefined): ITopic | "new" {
  if (eventTopic === "new") return eventTopic;
  return Topic.fromTopicAttributes(scope, "ExistingEventTopic", { topicArn: eventTopic, ...(keyArn && { keyArn }) });
}

function contactOf(
  scope: Construct,
  organizationId: string,
  { topicArn, topicKey, emails, events }: Config["contacts"][string],
): IssuerContact {
  const id = `ContactTopic-${encodeURIComponent(organizationId)}`;
  return {
    ...(topicArn && {
      topic: Topic.fromTopicAttributes(scope, id, { topicArn, ...(topicKey && { keyArn: topicKey }) }),
    }),
    ...(emails && { emails }),
    ...(events && { events }),
  };
}

function networkOf(scope: Construct, { vpcId, subnetIds, securityGroupIds }: NonNullable<Config["network"]>) {
  // Functions need only the subnets' ids, not their zones and route tables.
  const vpc = Vpc.fromVpcAttributes(scope, "Vpc", { vpcId, availabilityZones: ["unknown"] });
  const subnets = subnetIds.map((subnetId) => Subnet.fromSubnetId(scope, subnetId, subnetId));
  for (const subnet of subnets) Annotations.of(subnet).acknowledgeWarning("@aws-cdk/aws-ec2:noSubnetRouteTableId");
  const groupOf = (id: string) => SecurityGroup.fromSecurityGroupId(scope, id, id);
  return { vpc, vpcSubnets: { subnets }, ...(securityGroupIds && { securityGroups: securityGroupIds.map(groupOf) }) };
}
