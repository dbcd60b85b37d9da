// Webhook subscriptions as code. Deploy the tracker first, create a key with the scopes notifications:read and
// notifications:write, and store it in the secret `audits/api-key`.
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { AuditSubscription } from "kard-audit-tracker";

const stack = new Stack(new App(), "Ledger");
const apiUrl = "https://audits.example.com";

const subscription = new AuditSubscription(stack, "Subscription", {
  apiUrl,
  organizationId: "YOUR-ORGANIZATION",
  apiKeySecret: Secret.fromSecretNameV2(stack, "ApiKey", "audits/api-key"),
  webhookUrl: "https://ledger.example.com/hooks/audits",
  eventNames: ["audit.closed", "audit.overdue"],
  retrySchedule: "patient",
  description: "The ledger",
});

const receiver = new LambdaFunction(stack, "Receiver", {
  runtime: Runtime.NODEJS_24_X,
  handler: "index.handler",
  code: Code.fromInline("exports.handler = async () => ({ statusCode: 204 });"),
  environment: { WEBHOOK_SECRET_ARN: subscription.secret.secretArn },
});
subscription.secret.grantRead(receiver);
new CfnOutput(stack, "ApiUrl", { value: apiUrl });
new CfnOutput(stack, "SubscriptionId", { value: subscription.subscriptionId });
