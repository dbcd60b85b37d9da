import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import { type RemovalPolicy, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { allowDecryptionOfSecrets } from "./data-key.ts";

/** Kard's credentials as `{clientId, clientSecret, webhookKey}`. The operator fills them in after the first deploy. */
export class KardSecret extends Secret {
  constructor(scope: Construct, id: string, props: { key: IKey; removalPolicy: RemovalPolicy }) {
    super(scope, id, {
      description: "Kard's credentials: clientId, clientSecret and webhookKey",
      encryptionKey: props.key,
      removalPolicy: props.removalPolicy,
      // A change of this template makes CloudFormation generate a new value and overwrite the operator's.
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ clientId: "fill-me-in", clientSecret: "fill-me-in" }),
        generateStringKey: "webhookKey",
      },
    });
    Validations.of(this).acknowledge({
      id: "AwsSolutions::AwsSolutions-SMG4",
      reason: "Kard issues the credentials and has no API to rotate them. The operator enters new ones.",
    });
  }
}

/** Lets a function read a secret. */
export function allowReadOf(secret: ISecret): PolicyStatement {
  return new PolicyStatement({ actions: ["secretsmanager:GetSecretValue"], resources: [secret.secretArn] });
}

/** Lets a function read a secret that may be encrypted with a key of its own. */
export function allowReadsOf(secret: ISecret): PolicyStatement[] {
  const { encryptionKey } = secret;
  return [allowReadOf(secret), ...(encryptionKey === undefined ? [] : [allowDecryptionOfSecrets(encryptionKey)])];
}
