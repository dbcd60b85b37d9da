import type { ITableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import { grantUseOf } from "./constructs/data-key.ts";

interface OperatedResources {
  table: ITableV2;
  dataKey: IKey;
  kardSecret: ISecret;
}

const itemActions = ["GetItem", "BatchGetItem", "PutItem", "UpdateItem", "DeleteItem", "Query"];

/** Grants what the operators' commands need: the items of the table, and Kard's credentials. */
export function grantOperator(grantee: IGrantable, { table, dataKey, kardSecret }: OperatedResources): Grant {
  const { tableArn } = table;
  const actions = itemActions.map((action) => `dynamodb:${action}`);
  const secret = {
    actions: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
    resourceArns: [kardSecret.secretArn],
  };
  return combineGrants([
    Grant.addToPrincipal({ grantee, actions, resourceArns: [tableArn, `${tableArn}/index/*`] }),
    grantUseOf(dataKey, grantee, "dynamodb", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
    Grant.addToPrincipal({ grantee, ...secret }),
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
    grantUseOf(dataKey, grantee, "secretsmanager", "kms:Decrypt", "kms:GenerateDataKey"),
  ]);
}

/** One grant for several. */
export function combineGrants(grants: readonly Grant[]): Grant {
  return grants.reduce((all, grant) => all.combine(grant));
}
