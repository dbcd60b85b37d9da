// The minimum: a tracker, a function that consumes its resolutions, and a pager for urgent alarms.
import { App, Stack } from "aws-cdk-lib";
import { Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { UrlSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { AuditTracker } from "kard-audit-tracker";

const stack = new Stack(new App(), "Ledger", { terminationProtection: true });
const tracker = new AuditTracker(stack, "Audits", {
  kardTokenUrl: "https://YOUR-CLIENT.getkard.com/v2/auth/token",
});

const ledger = new LambdaFunction(stack, "Ledger", {
  runtime: Runtime.NODEJS_24_X,
  handler: "index.handler",
  code: Code.fromInline(
    "exports.handler = async ({ Records }) => console.log(Records.map(({ body }) => JSON.parse(body).id));",
  ),
});
ledger.addEventSource(new SqsEventSource(tracker.resolutionsQueue));
for (const topic of [tracker.alarmTopics.urgent, tracker.keyLossTopic]) {
  topic.addSubscription(new UrlSubscription("https://pager.example.com/kard"));
}
tracker.addOutputs();
