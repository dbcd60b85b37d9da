import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { prod, synthesize } from "../support/synthesize.ts";
import { alarmsOf, compositeAlarmsOf } from "./alarms-of.ts";

const options = { canary: { organizationId: "canary" }, sloAlarms: true, followUpAfterDays: 14 };
const template = synthesize({ alarmEmail: "on-call@example.com", ...options });
const alarms = alarmsOf(template);

const sections = new Map(
  readFileSync("docs/runbook.md", "utf8")
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section] as const)
    // Its message comes from a rule of EventBridge instead of an alarm.
    .filter(([name]) => name !== "KeyLoss"),
);

test("every alarm has a runbook section, and every section an alarm", () => {
  expect(alarms.size).toBeGreaterThan(15);
  expect([...sections.keys()].sort()).toEqual([...alarms.keys(), ...compositeAlarmsOf(template).keys()].sort());
});

test("the stack has every output that the docs use in commands", () => {
  const outputs = Object.keys(
    synthesize({ ...prod, egress: "static-ips", canary: { organizationId: "canary" } }).findOutputs("*"),
  );
  const pages = readdirSync("docs").filter((name) => name.endsWith(".md"));
  const named = pages.flatMap((page) => [...readFileSync(`docs/${page}`, "utf8").matchAll(/\$\(out (\w+)\)/g)]);
  const names = new Set(named.map(([, name = ""]) => name));
  expect(names.size).toBeGreaterThan(10);
  // Only the local outputs have these.
  expect(
    [...names].filter((name) => !outputs.includes(name) && !["ApiKey", "OrganizationId", "SqsEndpoint"].includes(name)),
  ).toEqual([]);
});

test.each([...sections])("the section %s has meaning, diagnosis, fix and redrive", (_, section) => {
  for (const part of ["Meaning", "Diagnosis", "Fix", "Redrive"]) {
    expect(section).toMatch(new RegExp(`^\\*\\*${part}(\\.\\*\\*| ?\\*\\* \\((urgent|soon)\\)\\.)\\s+\\S`, "m"));
  }
});

describe.each([...alarms])("the alarm %s", (name, alarm) => {
  test("states impact and severity, and links to its runbook section and a console page", () => {
    const lines = alarm.description.split("\n");
    const [impact, severity, whatToDo, lookAt, withoutData] = lines;
    expect(lines).toHaveLength(5);
    expect(impact).toMatch(/^[A-Z].*\.$/);
    expect(severity).toMatch(/^Severity: (urgent|soon)$/);
    expect(sections.get(name)).toContain(`**Meaning** (${severity?.slice("Severity: ".length)}).`);
    expect(whatToDo).toBe(`What to do: docs/runbook.md#${name.toLowerCase()}`);
    expect(lookAt).toMatch(/^Start here: https:\/\/<AWS::Region>\.console\.aws\.amazon\.com\/\S+$/);
    expect(withoutData).toMatch(new RegExp(`^Without data: ${alarm.properties.TreatMissingData}, because \\S`));
    // CloudWatch accepts 1,024 characters; resolved names are longer than their placeholders.
    expect(alarm.description.length).toBeLessThan(700);
  });

  test("notifies the topic of its severity when it starts and ends", () => {
    const prefix = alarm.description.includes("Severity: urgent") ? "AlarmsUrgentTopic" : "AlarmsSoonTopic";
    const topic = [{ Ref: expect.stringMatching(`^${prefix}`) }];
    expect(alarm.properties).toMatchObject({ AlarmActions: topic, OKActions: topic });
  });
});

test("resolutionsAgeAlarm turns off the alarm on unconsumed resolutions", () => {
  expect(alarms.has("ResolutionsWaiting")).toBe(true);
  expect(alarmsOf(synthesize({ resolutionsAgeAlarm: false })).has("ResolutionsWaiting")).toBe(false);
});

test("many unfulfilled promises raise an alarm only where follow-ups are turned on", () => {
  expect(alarms.get("AuditsUnfulfilled")?.properties).toMatchObject({ Threshold: 10, Period: 86_400 });
  expect(alarmsOf(synthesize()).has("AuditsUnfulfilled")).toBe(false);
});

test.each([
  ["no calls", undefined, undefined, 0],
  ["a few calls an hour, all failing", 1, 1, 100],
  ["one of many calls failing", 1, 200, 0.5],
  ["five of many calls failing", 5, 1000, 100],
])("ApiFailing uses the share or the count of failures: %s", (_, failed, calls, value) => {
  expect(evaluate("ApiFailing", { failed, calls })).toBe(value);
  expect(alarms.get("ApiFailing")?.properties).toMatchObject({
    Threshold: 50,
    EvaluationPeriods: 6,
    DatapointsToAlarm: 2,
  });
});

// CloudWatch reads more periods than an alarm has, and counts missing ones as breaching only when all of those are
// empty. An alarm on the end of data therefore fills it in.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
test.each([
  ["PollAuditsNotRunning", undefined, true],
  ["PollAuditsNotRunning", 1, false],
  ["SweepOutboxNotRunning", undefined, true],
  ["PollLag", undefined, true],
  ["PollLag", 600, false],
  ["PollLag", 600.5, true],
  ["OutboxLag", undefined, true],
  ["OutboxLag", 0, false],
  ["CanaryFailing", undefined, true],
  ["CanaryFailing", 1, false],
  ["CanaryFailing", 2, true],
])("a period of %s with the value %p is breaching: %p", (name, m, isBreaching) => {
  const { ComparisonOperator, Threshold = 0 } = alarms.get(name)?.properties ?? {};
  const value = evaluate(name, { m });
  const breaches = {
    LessThanThreshold: value < Threshold,
    GreaterThanThreshold: value > Threshold,
    GreaterThanOrEqualToThreshold: value >= Threshold,
  };
  expect(breaches[ComparisonOperator as keyof typeof breaches]).toBe(isBreaching);
});

/** Evaluates an alarm's expression. `FILL` and `IF` work as in CloudWatch. */
function evaluate(name: string, values: Record<string, number | undefined>): number {
  const expression = alarms
    .get(name)
    ?.properties.Metrics.find(({ Expression }) => Expression !== undefined)?.Expression;
  const FILL = (value: number | undefined, instead: number) => value ?? instead;
  const IF = (condition: boolean, yes: number, no: number) => (condition ? yes : no);
  return new Function("FILL", "IF", ...Object.keys(values), `return ${expression}`)(FILL, IF, ...Object.values(values));
}

test("missing data is breaching for metrics that must arrive every minute", () => {
  const breaching = [...alarms].filter(([, { properties }]) => properties.TreatMissingData === "breaching");
  expect(breaching.map(([name]) => name).sort()).toEqual([
    ...["CanaryFailing", "OutboxLag", "PollAuditsNotRunning", "PollLag", "SweepOutboxNotRunning"],
  ]);
});

test("alarms link to the configured runbook", () => {
  const linked = alarmsOf(synthesize({ runbookUrl: "https://wiki.example.com/kard" }));
  expect(linked.get("PollLag")?.description).toContain("What to do: https://wiki.example.com/kard#polllag");
});

test.each(["FunctionsFailing", "FunctionsThrottled"])("%s reports failures that are an hour apart", (name) => {
  expect(alarms.get(name)?.properties).toMatchObject({ EvaluationPeriods: 16, DatapointsToAlarm: 2 });
});
