import type { ITableV2 } from "aws-cdk-lib/aws-dynamodb";
import type { ISecurityGroup, IVpc, SubnetSelection } from "aws-cdk-lib/aws-ec2";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";

/** An existing network for all functions. */
export interface TrackerNetwork {
  /**
   * It must reach DynamoDB, SQS, Secrets Manager, Kard and the webhooks' receivers, and SNS and EventBridge if events
   * are sent there.
   */
  readonly vpc: IVpc;
  /** @default - the private subnets with egress */
  readonly vpcSubnets?: SubnetSelection;
  /** @default - a new one that allows outgoing TCP, and DNS over UDP */
  readonly securityGroups?: ISecurityGroup[];
}

/** Existing resources to use, and the network of the functions. */
export interface ResourceProps {
  /**
   * An existing network for all functions.
   *
   * @default - Lambda's own network
   */
  readonly network?: TrackerNetwork;
  /**
   * Sends calls to Kard and to webhooks through NAT gateways with fixed addresses.
   *
   * @default false
   */
  readonly staticEgress?: boolean;
  /**
   * Encrypts the table, the queues and the secret. An imported key must allow the account's IAM policies.
   *
   * @default - a new key, rotated every year
   */
  readonly encryptionKey?: IKey;
  /**
   * An existing table of a tracker, such as a retained or restored one. Do not unset it later.
   *
   * @default - a new table
   */
  readonly existingTable?: ITableV2;
  /**
   * An existing secret with Kard's credentials.
   *
   * @default - a new secret, which you fill in after the first deploy
   */
  readonly existingSecret?: ISecret;
}
