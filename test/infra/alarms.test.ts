import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { z } from "zod";
import { alarmMetrics, alarmsOf } from "./alarms.ts";
import { prod, resourcesOf, synthesize } from "./synthesize.ts";

const template = synthesize({ alarmEmail: "on-call@example.com" });
const withAllOptions = synthesize({ alarmEmail: "on-call@example.com", canary: { organizationId: "canary" } });
const alarms = alarmsOf(withAllOptions);

const sections = new Map(
  readFileSync("docs/runbook.md", "utf8")
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section] as const),
);

test("every alarm has its section in the runbook, and every section its alarm", () => {
  expect(alarms.size).toBeGreaterThan(15);
  expect([...sections.keys()].sort()).toEqual([...alarms.keys()].sort());
});

test("each output that a command of the operators' pages reads is one of the stack", () => {
  const outputs = Object.keys(
    synthesize({ ...prod, egress: "static-ips", canary: { organizationId: "canary" } }).findOutputs("*"),
  );
  const pages = readdirSync("docs").filter((name) => name.endsWith(".md"));
  const named = pages.flatMap((page) => [...readFileSync(`docs/${page}`, "utf8").matchAll(/\$\(out (\w+)\)/g)]);
  const names = new Set(named.map(([, name = ""]) => name));
  expect(names.size).toBeGreaterThan(10);
  // Local outputs have these two as well.
  expect([...names].filter((name) => !outputs.includes(name) && !["ApiKey", "OrganizationId"].includes(name))).toEqual(
    [],
  );
});

test.each([...sections])("the section %s has its meaning, diagnosis, fix and redrive", (_, section) => {
  for (const part of ["Meaning", "Diagnosis", "Fix", "Redrive"]) {
    expect(section).toMatch(new RegExp(`^\\*\\*${part}(\\.\\*\\*| ?\\*\\* \\((urgent|soon)\\)\\.)\\s+\\S`, "m"));
  }
});

describe.each([...alarms])("the alarm %s", (name, alarm) => {
  test("carries its impact, its severity as in the runbook, its section and a page of the console", () => {
    const lines = alarm.description.split("\n");
    const [impact, severity, whatToDo, lookAt, withoutData] = lines;
    expect(lines).toHaveLength(5);
    expect(impact).toMatch(/^[A-Z].*\.$/);
    expect(severity).toMatch(/^Severity: (urgent|soon)$/);
    expect(sections.get(name)).toContain(`**Meaning** (${severity?.slice("Severity: ".length)}).`);
    expect(whatToDo).toBe(`What to do: docs/runbook.md#${name.toLowerCase()}`);
    expect(lookAt).toMatch(/^Start here: https:\/\/<AWS::Region>\.console\.aws\.amazon\.com\/\S+$/);
    expect(withoutData).toMatch(new RegExp(`^Without data: ${alarm.properties.TreatMissingData}, because \\S`));
    // CloudWatch takes 1,024 characters; a name that is resolved is longer than its placeholder.
    expect(alarm.description.length).toBeLessThan(700);
  });

  test("goes to the topic of its severity when it begins and when it is over", () => {
    const prefix = alarm.description.includes("Severity: urgent") ? "AlarmsUrgentTopic" : "AlarmsSoonTopic";
    const topic = [{ Ref: expect.stringMatching(`^${prefix}`) }];
    expect(alarm.properties).toMatchObject({ AlarmActions: topic, OKActions: topic });
  });
});

test("errors and throttles of every function are watched, and the age of every queue", () => {
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

test("an owner who uses webhooks alone has no alarm on resolutions that nobody consumes", () => {
  expect(alarms.has("ResolutionsWaiting")).toBe(true);
  expect(alarmsOf(synthesize({ resolutionsAgeAlarm: false })).has("ResolutionsWaiting")).toBe(false);
});

/** The value that an alarm's expression has for values of its metrics; `FILL` and `IF` as CloudWatch defines them. */
function evaluate(name: string, values: Record<string, number | undefined>): number {
  const expression = alarms
    .get(name)
    ?.properties.Metrics.find(({ Expression }) => Expression !== undefined)?.Expression;
  const FILL = (value: number | undefined, instead: number) => value ?? instead;
  const IF = (condition: boolean, yes: number, no: number) => (condition ? yes : no);
  return new Function("FILL", "IF", ...Object.keys(values), `return ${expression}`)(FILL, IF, ...Object.values(values));
}

test.each([
  ["no calls", undefined, undefined, 0],
  ["a few calls an hour, all failing", 1, 1, 100],
  ["one of many calls failing", 1, 200, 0.5],
  ["five of many calls failing", 5, 1000, 100],
])("the API is failing by share or by count: %s", (_, failed, calls, value) => {
  expect(evaluate("ApiFailing", { failed, calls })).toBe(value);
  expect(alarms.get("ApiFailing")?.properties).toMatchObject({
    Threshold: 50,
    EvaluationPeriods: 6,
    DatapointsToAlarm: 2,
  });
});

test("silence is an alarm wherever something must speak every minute", () => {
  const breaching = [...alarms].filter(([, { properties }]) => properties.TreatMissingData === "breaching");
  expect(breaching.map(([name]) => name).sort()).toEqual([
    ...["CanaryFailing", "OutboxLag", "PollAuditsNotRunning", "PollLag", "SweepOutboxNotRunning"],
  ]);
});

/** What AWS itself measures, with the dimensions under which it does: the documentation of each service. */
const measuredByAws: Record<string, string[]> = {
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

test("what alarms ask of AWS is what AWS measures, of resources that there are", () => {
  const known = new Set(Object.keys((withAllOptions.toJSON() as { Resources: object }).Resources));
  const asked = [...alarms.values()].flatMap(alarmMetrics).filter(({ namespace }) => namespace.startsWith("AWS/"));
  expect(new Set(asked.map(({ namespace, name }) => `${namespace} ${name}`))).toEqual(
    new Set(Object.keys(measuredByAws)),
  );
  for (const { namespace, name, dimensions } of asked) {
    expect(measuredByAws[`${namespace} ${name}`]).toContain(Object.keys(dimensions).sort().join());
    for (const [dimension, value] of Object.entries(dimensions)) {
      if (dimension === "GlobalSecondaryIndexName")
        expect(["lanes", "outbox", "byIssuer", "byTransaction"]).toContain(value);
      else expect(known).toContain(referredTo(value));
    }
  }
});

function referredTo(value: unknown): string | undefined {
  return JSON.stringify(value ?? null).match(/"(?:Ref|Fn::GetAtt)":\[?"(\w+)"/)?.[1];
}

test("every queue's dead letters are watched", () => {
  const watched = [...alarms.values()].flatMap(alarmMetrics).map(({ dimensions }) => referredTo(dimensions.QueueName));
  const deadLetters = resourcesOf(template, "AWS::SQS::Queue").filter(([id]) => id.includes("DeadLetters"));
  expect(deadLetters).toHaveLength(2);
  for (const [id] of deadLetters) expect(watched).toContain(id);
});

test("alarms of this account may publish to each topic, over TLS only", () => {
  const topics = resourcesOf(template, "AWS::SNS::Topic").map(([id]) => id);
  expect(topics).toHaveLength(2);
  for (const topic of topics) {
    template.hasResourceProperties("AWS::SNS::TopicPolicy", {
      Topics: [{ Ref: topic }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
          Match.objectLike({
            Effect: "Allow",
            Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: "sns:Publish",
            Resource: { Ref: topic },
            Condition: { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } },
          }),
        ]),
      },
    });
  }
});

test("the alarm address is subscribed to both topics, if there is one", () => {
  template.resourcePropertiesCountIs(
    "AWS::SNS::Subscription",
    { Protocol: "email", Endpoint: "on-call@example.com" },
    2,
  );
  synthesize().resourceCountIs("AWS::SNS::Subscription", 0);
});

test("alarms link to the runbook where on-call finds it", () => {
  const linked = alarmsOf(synthesize({ runbookUrl: "https://wiki.example.com/kard" }));
  expect(linked.get("PollLag")?.description).toContain("What to do: https://wiki.example.com/kard#polllag");
});

test("the dashboard shows lag, the way of the audits, Kard, webhooks, queues, the API and what it costs", () => {
  const [[, { DashboardBody }] = ["", {}]] = resourcesOf(template, "AWS::CloudWatch::Dashboard");
  const text = JSON.stringify(DashboardBody);
  for (const metric of [
    ...["PollLagSeconds", "OutboxLagSeconds", "DeliveryLagSeconds", "AuditsFiled", "AuditsAccepted", "AuditsClosed"],
    ...[
      "Kard5xx",
      "KardRateUsed",
      "WebhooksDelivered",
      "WebhooksExhausted",
      "ApproximateNumberOfMessagesVisible",
      "5xx",
    ],
    ...["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "Duration"],
  ]) {
    expect(text).toContain(metric);
  }
});

test("the dashboard has no more metrics than a free one", () => {
  const [[, { DashboardBody }] = ["", {}]] = resourcesOf(template, "AWS::CloudWatch::Dashboard");
  const parts = (DashboardBody as { "Fn::Join": [string, unknown[]] })["Fn::Join"][1];
  const text = parts
    .map((part) => (typeof part === "string" ? part : JSON.stringify(part).replaceAll('"', "'")))
    .join("");
  const { widgets } = JSON.parse(text) as { widgets: { properties: { metrics: unknown[][] } }[] };
  const metrics = widgets
    .flatMap(({ properties }) => properties.metrics)
    .filter(([first]) => typeof first === "string");
  const names = metrics.map((metric) => JSON.stringify(metric.filter((part) => typeof part === "string")));
  expect(new Set(names).size).toBeGreaterThan(40);
  expect(new Set(names).size).toBeLessThanOrEqual(50);
});

test("two trackers are not measured together", () => {
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
