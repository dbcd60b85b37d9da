import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import { CustomResource, Duration, RemovalPolicy, Stack, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import { functionCode } from "./constructs/bundled-function.ts";
import type { AuditSubscriptionProps } from "./props/subscription-props.ts";

export type { AuditSubscriptionProps } from "./props/subscription-props.ts";

/** A webhook subscription of an issuer, which is created, updated and deleted with its stack. */
export class AuditSubscription extends Construct {
  /** The id of the subscription. */
  readonly subscriptionId: string;
  /** The secret that the webhooks are signed with: `whsec_…`. Let the receiver read it. */
  readonly secret: ISecret;

  constructor(scope: Construct, id: string, props: AuditSubscriptionProps) {
    super(scope, id);
    const { apiUrl, organizationId, apiKeySecret, encryptionKey, ...attributes } = props;
    const secret = new Secret(this, "Secret", {
      description: "Signs the webhooks of a subscription",
      // The base64 of 33 bytes. The function puts `whsec_` in front.
      generateSecretString: { passwordLength: 44, excludePunctuation: true },
      ...(encryptionKey && { encryptionKey }),
    });
    Validations.of(secret).acknowledge({
      id: "AwsSolutions::AwsSolutions-SMG4",
      reason: "The receiver and the tracker change it together, by the API's rotation.",
    });
    const fn = managerOf(Stack.of(this));
    const resource = new CustomResource(this, "Resource", {
      serviceToken: fn.functionArn,
      resourceType: "Custom::AuditSubscription",
      // The function answers within five minutes.
      serviceTimeout: Duration.minutes(10),
      properties: {
        ApiUrl: apiUrl,
        OrganizationId: organizationId,
        ApiKeySecretArn: apiKeySecret.secretArn,
        SecretArn: secret.secretArn,
        Attributes: JSON.stringify(attributes),
      },
    });
    // CloudFormation calls the function only while it has its permissions.
    for (const grant of [apiKeySecret.grantRead(fn), secret.grantRead(fn), secret.grantWrite(fn)])
      grant.applyBefore(resource);
    this.secret = secret as ISecret;
    this.subscriptionId = resource.getAttString("SubscriptionId");
  }
}

const managerId = "KardAuditSubscriptions";

/** The function that manages all subscriptions of a stack. */
function managerOf(stack: Stack): LambdaFunction {
  const existing = stack.node.tryFindChild(managerId)?.node.tryFindChild("Function");
  if (existing instanceof LambdaFunction) return existing;
  const scope = new Construct(stack, managerId);
  const logGroup = new LogGroup(scope, "Logs", {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, "Role", { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
  logGroup.grantWrite(role);
  return new LambdaFunction(scope, "Function", {
    description: "Manages the webhook subscriptions of this stack",
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    code: functionCode("audit-subscription"),
    handler: "index.handler",
    memorySize: 256,
    timeout: Duration.minutes(5),
    role,
    logGroup,
  });
}
