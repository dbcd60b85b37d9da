import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "@jest/globals";
import { type CfnStage, HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Alarm, Metric } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { CfnRule, Rule, Schedule } from "aws-cdk-lib/aws-events";
import { SnsTopic } from "aws-cdk-lib/aws-events-targets";
import { CfnEventSourceMapping } from "aws-cdk-lib/aws-lambda";
import { CfnBucket } from "aws-cdk-lib/aws-s3";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Fn, type Stack } from "aws-cdk-lib/core";
import { startLocalStack } from "../../../../infra/local/runner/local-stack.ts";
import { StartUpError } from "../../../../infra/local/runner/template/start-up-error.ts";
import { lambda, synthesize } from "./support/assembly.ts";
import { run } from "./support/running-stack.ts";

const echo = "export const handler = async (event) => event;";
let assemblyDir: string;
beforeAll(() => {
  assemblyDir = synthesize((stack) => void lambda(stack, "Echo", echo));
});

async function refusal(options: Parameters<typeof startLocalStack>[0]): Promise<string> {
  const error = await startLocalStack(options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StartUpError);
  const { message } = error as StartUpError;
  expect(message).not.toContain("\n");
  return message;
}

test("a port in use", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  expect(await refusal({ assemblyDir, port })).toBe(`port ${port} is in use`);
  server.close();
});

test("a directory without an assembly", async () => {
  expect(await refusal({ assemblyDir: "/nowhere", port: 0 })).toContain("cannot read /nowhere/manifest.json");
});

test("a data directory that is a file", async () => {
  const dataDir = join(mkdtempSync(join(tmpdir(), "data-")), "file");
  writeFileSync(dataDir, "");
  expect(await refusal({ assemblyDir, port: 0, dataDir })).toContain("the data directory cannot be used");
});

test("a data directory in use", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "data-"));
  const first = await run(assemblyDir, { dataDir });
  expect(await refusal({ assemblyDir, port: 0, dataDir })).toContain("is in use by another runner");
  await first.stop();
  rmSync(dataDir, { recursive: true });
});

test("a value for a secret that does not exist", async () => {
  expect(await refusal({ assemblyDir, port: 0, secretValues: { Nothing: "" } })).toContain("no secret Nothing");
});

function alarmTo(stack: Stack, topic: Topic): void {
  const metric = new Metric({ namespace: "Test", metricName: "Failures" });
  const alarm = new Alarm(stack, "Alarm", { metric, threshold: 1, evaluationPeriods: 1 });
  alarm.addAlarmAction(new SnsAction(topic));
}

test("an alarm whose topic has the default policy is accepted", async () => {
  const directory = synthesize((stack) => alarmTo(stack, new Topic(stack, "Topic")));
  await expect(run(directory)).resolves.toBeDefined();
});

test("a rule whose topic's policy lets it publish is accepted", async () => {
  const directory = synthesize((stack) => {
    const rule = new Rule(stack, "Rule", { schedule: Schedule.cron({}) });
    rule.addTarget(new SnsTopic(new Topic(stack, "Topic", { enforceSSL: true })));
  });
  await expect(run(directory)).resolves.toBeDefined();
});

function ruleTo(stack: Stack, topic: Topic): void {
  new CfnRule(stack, "Rule", { scheduleExpression: "rate(1 day)", targets: [{ id: "T", arn: topic.topicArn }] });
}

function mapping(stack: Stack, grant: boolean): void {
  const queue = new Queue(stack, "Queue");
  const fn = lambda(stack, "Worker", echo);
  if (grant) queue.grantConsumeMessages(fn);
  new CfnEventSourceMapping(stack, "Mapping", { functionName: fn.functionName, eventSourceArn: queue.queueArn });
}

test("a queue whose visibility timeout is shorter than the function's", async () => {
  const directory = synthesize((stack) => mapping(stack, true));
  const file = join(directory, "Local.template.json");
  writeFileSync(file, readFileSync(file, "utf8").replace('"Timeout": 5', '"Timeout": 31'));
  expect(await refusal({ assemblyDir: directory, port: 0 })).toContain("visibility timeout of 30 seconds is less than");
});

test.each([
  [
    "a resource type that is not modelled",
    (stack: Stack) => void new CfnBucket(stack, "Bucket"),
    "Bucket: resources of type AWS::S3::Bucket are not modelled",
  ],
  [
    "a setting that is not modelled",
    (stack: Stack) => void lambda(stack, "Fn", echo, { deadLetterQueueEnabled: true }),
    'Unrecognized key: "DeadLetterConfig"',
  ],
  [
    "an import from another stack",
    (stack: Stack) => void lambda(stack, "Fn", echo, { environment: { IMPORTED: Fn.importValue("other") } }),
    "Fn::ImportValue is not modelled",
  ],
  [
    "an alarm whose topic's policy does not let it publish",
    (stack: Stack) => void alarmTo(stack, new Topic(stack, "Topic", { enforceSSL: true })),
    "does not let cloudwatch.amazonaws.com publish",
  ],
  [
    "a rule whose topic's policy does not let it publish",
    (stack: Stack) => ruleTo(stack, new Topic(stack, "Topic", { enforceSSL: true })),
    "does not let events.amazonaws.com publish",
  ],
  [
    "a rule whose topic has the default policy",
    (stack: Stack) => ruleTo(stack, new Topic(stack, "Topic")),
    "does not let events.amazonaws.com publish",
  ],
  [
    "a stage that does not depend on a route with settings",
    (stack: Stack) => {
      const api = new HttpApi(stack, "Api");
      const integration = new HttpLambdaIntegration("Integration", lambda(stack, "Fn", echo));
      api.addRoutes({ path: "/", methods: [HttpMethod.GET], integration });
      (api.defaultStage?.node.defaultChild as CfnStage).routeSettings = { "GET /": { ThrottlingRateLimit: 1 } };
    },
    "Unable to find Route by key GET /",
  ],
  ["a poller without permissions", (stack: Stack) => mapping(stack, false), "may not call sqs:ReceiveMessage"],
])("%s", async (_, build, message) => {
  expect(await refusal({ assemblyDir: synthesize(build), port: 0 })).toContain(message);
});
