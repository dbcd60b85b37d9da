import { expect, test } from "@jest/globals";
import * as z from "zod";
import { indexNames } from "../../../infra/constructs/audit-table.ts";
import { resourcesOf, synthesize } from "../support/synthesize.ts";
import { alarmMetrics, alarmsOf } from "./alarms-of.ts";

const template = synthesize({ alarmEmail: "on-call@example.com" });
const withAllOptions = synthesize({ alarmEmail: "on-call@example.com", canary: { organizationId: "canary" } });
const alarms = alarmsOf(withAllOptions);

test("every function has alarms on errors and throttles, and every queue on its age", () => {
  const watched = [...alarmsOf(template).values()].flatMap(alarmMetrics);
  const dimension = (metric: string, name: string) =>
    new Set(watched.filter(({ name: of }) => of === metric).map(({ dimensions }) => referredTo(dimensions[name])));
  const functions = resourcesOf(template, "AWS::Lambda::Function").map(([id]) => id);
  for (const metric of ["Errors", "Throttles"]) {
    expect([...dimension(metric, "FunctionName")].sort()).toEqual(functions.sort());
  }
  const queues = resourcesOf(template, "AWS::SQS::Queue").filter(([id]) => !id.includes("DeadLetters"));
  expect([...dimension("ApproximateAgeOfOldestMessage", "QueueName")].sort()).toEqual(queues.map(([id]) => id).sort());
});

/** AWS's own metrics with their dimensions. Source: each service's documentation. */
const awsMetrics: Record<string, string[]> = {
  "AWS/Lambda ClaimedAccountConcurrency": [""],
  "AWS/Lambda Errors": ["FunctionName"],
  "AWS/Lambda Throttles": ["FunctionName"],
  "AWS/Lambda Invocations": ["FunctionName"],
  "AWS/SQS ApproximateNumberOfMessagesVisible": ["QueueName"],
  "AWS/SQS ApproximateAgeOfOldestMessage": ["QueueName"],
  "AWS/DynamoDB ReadThrottleEvents": ["TableName", "GlobalSecondaryIndexName,TableName"],
  "AWS/DynamoDB WriteThrottleEvents": ["TableName", "GlobalSecondaryIndexName,TableName"],
  "AWS/ApiGateway 5xx": ["ApiId"],
  "AWS/ApiGateway Count": ["ApiId"],
};

test("alarms on AWS metrics use existing metrics of existing resources", () => {
  const known = new Set(Object.keys((withAllOptions.toJSON() as { Resources: object }).Resources));
  const asked = [...alarms.values()].flatMap(alarmMetrics).filter(({ namespace }) => namespace.startsWith("AWS/"));
  expect(new Set(asked.map(({ namespace, name }) => `${namespace} ${name}`))).toEqual(new Set(Object.keys(awsMetrics)));
  for (const { namespace, name, dimensions } of asked) {
    expect(awsMetrics[`${namespace} ${name}`]).toContain(Object.keys(dimensions).sort().join());
    for (const [dimension, value] of Object.entries(dimensions)) {
      if (dimension === "GlobalSecondaryIndexName") expect(indexNames).toContain(value);
      else expect(known).toContain(referredTo(value));
    }
  }
});

function referredTo(value: unknown): string | undefined {
  return JSON.stringify(value ?? null).match(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/)?.[1];
}

test("every dead-letter queue has an alarm", () => {
  const watched = [...alarms.values()].flatMap(alarmMetrics).map(({ dimensions }) => referredTo(dimensions.QueueName));
  const deadLetters = resourcesOf(template, "AWS::SQS::Queue").filter(([id]) => id.includes("DeadLetters"));
  expect(deadLetters).toHaveLength(2);
  for (const [id] of deadLetters) expect(watched).toContain(id);
});

test("two trackers have separate metric namespaces", () => {
  const namespaceOf = (context: Record<string, unknown>, stackName: string) =>
    z
      .string()
      .parse(
        [...alarmsOf(synthesize(context, stackName)).values()]
          .flatMap(alarmMetrics)
          .find(({ name }) => name === "PollLagSeconds")?.namespace,
      );
  expect(namespaceOf({}, "Tracker-dev")).toBe("KardAuditTracker/Tracker-dev");
  expect(namespaceOf({}, "Tracker-prod")).toBe("KardAuditTracker/Tracker-prod");
});
