import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { RemovalPolicy } from "aws-cdk-lib/core";
import type { Construct } from "constructs";

/** The key behind the table, the queues and the secret. */
export class DataKey extends Key {
  constructor(scope: Construct, id: string, props: { removalPolicy: RemovalPolicy }) {
    super(scope, id, {
      description: "Encrypts audits, messages and Kard's credentials",
      enableKeyRotation: true,
      ...props,
    });
  }

  /**
   * Lets a function use what the key encrypts: DynamoDB, SQS and Secrets Manager all act with the caller's permission.
   * https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html
   */
  allowUse(): PolicyStatement {
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
      resources: [this.keyArn],
    });
  }
}
