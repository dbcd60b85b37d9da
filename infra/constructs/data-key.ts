import { Grant, type IGrantable, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type IKey, Key } from "aws-cdk-lib/aws-kms";
import { Aws, type RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

/** The key that encrypts the table, the queues and the secret. */
export class DataKey extends Key {
  constructor(scope: Construct, id: string, props: { removalPolicy: RemovalPolicy }) {
    super(scope, id, {
      description: "Encrypts audits, messages and Kard's credentials",
      enableKeyRotation: true,
      ...props,
    });
  }
}

/** A service that uses a key on behalf of its caller. */
export type EncryptingService = "dynamodb" | "secretsmanager" | "sns" | "sqs";

/**
 * The condition that the key is used only through these services. So a role cannot decrypt other data with it.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export const via = (...services: EncryptingService[]) => ({
  StringEquals: { "kms:ViaService": services.map((service) => `${service}.${Aws.REGION}.${Aws.URL_SUFFIX}`) },
});

/**
 * Lets a function use data that the key encrypts. DynamoDB, SQS and Secrets Manager use the caller's permissions.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html
 */
export function allowUseOf(key: IKey): PolicyStatement {
  return new PolicyStatement({
    actions: [
      "kms:Decrypt",
      "kms:DescribeKey",
      "kms:Encrypt",
      "kms:GenerateDataKey",
      "kms:GenerateDataKeyWithoutPlaintext",
      "kms:ReEncryptFrom",
      "kms:ReEncryptTo",
    ],
    resources: [key.keyArn],
    conditions: via("dynamodb", "secretsmanager", "sqs"),
  });
}

/**
 * Lets a function publish to topics that the key encrypts.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#sns-what-permissions-for-sse
 */
export function allowPublishWith({ keyArn }: IKey): PolicyStatement {
  const actions = ["kms:Decrypt", "kms:GenerateDataKey"];
  return new PolicyStatement({ actions, resources: [keyArn], conditions: via("sns") });
}

/**
 * Lets a function have Secrets Manager decrypt what a key encrypts.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-secrets-manager.html
 */
export function allowDecryptionOfSecrets({ keyArn }: IKey): PolicyStatement {
  return new PolicyStatement({ actions: ["kms:Decrypt"], resources: [keyArn], conditions: via("secretsmanager") });
}

/**
 * Lets CloudWatch Logs encrypt the account's log groups with the key.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function allowLogsToUse(key: IKey): void {
  const ofAccount = `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:*`;
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${Aws.REGION}.${Aws.URL_SUFFIX}`)],
      actions: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
      resources: ["*"],
      conditions: { ArnLike: { "kms:EncryptionContext:aws:logs:arn": ofAccount } },
    }),
  );
}

/**
 * Lets a role or account use the key through one service. For a grantee outside the stack, it adds to the key's policy.
 */
export function grantUseOf(key: IKey, grantee: IGrantable, service: EncryptingService, ...actions: string[]): Grant {
  return Grant.addToPrincipalOrResource({
    grantee,
    actions,
    resourceArns: [key.keyArn],
    resourceSelfArns: ["*"],
    resource: key,
    conditions: via(service),
  });
}
