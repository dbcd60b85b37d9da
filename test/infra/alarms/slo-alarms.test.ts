import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { resourcesOf, synthesize } from "../support/synthesize.ts";
import { compositeAlarmsOf } from "./alarms-of.ts";

const template = synthesize({ sloAlarms: true });
const runbook = readFileSync("docs/runbook.md", "utf8");
const sectionOf = (name: string) => runbook.split(/^## /m).find((section) => section.startsWith(`${name}\n`));

describe.each([...compositeAlarmsOf(template)])("the burn-rate alarm %s", (name, { description, properties }) => {
  test("carries its objective, its severity as in the runbook, and its section, and goes to the topic of its severity", () => {
    const [what, severity, whatToDo, lookAt, ...rest] = description.split("\n");
    expect(rest).toEqual([]);
    expect(what).toMatch(/^The error budget .+: .+\.$/);
    expect(sectionOf(name)).toContain(`**Meaning** (${severity?.slice("Severity: ".length)}).`);
    expect(whatToDo).toBe(`What to do: docs/runbook.md#${name.toLowerCase()}`);
    expect(lookAt).toMatch(/^Start here: https:/);
    const prefix = severity === "Severity: urgent" ? "AlarmsUrgentTopic" : "AlarmsSoonTopic";
    expect(properties.AlarmActions).toEqual([{ Ref: expect.stringMatching(`^${prefix}`) }]);
    // Each rule is: long and short window, or long and short window.
    const rule = JSON.stringify(properties.AlarmRule);
    expect(rule.match(/ALARM\(/g)).toHaveLength(name.endsWith("Fast") ? 4 : 2);
  });
});

test("burn rates are shares of the budget, and few failures of a long window are none", () => {
  const windows = resourcesOf(template, "AWS::CloudWatch::Alarm").filter(([id]) => id.startsWith("AlarmsSlos"));
  const thresholds = windows.map(([id, { Threshold }]) => [id.slice("AlarmsSlos".length, -8), Threshold]);
  expect(Object.fromEntries(thresholds)).toEqual({
    ApiBudgetBurnsFast5Minutes: 1.44,
    ApiBudgetBurnsFast60Minutes: 1.44,
    ApiBudgetBurnsFast30Minutes: 0.6,
    ApiBudgetBurnsFast360Minutes: 0.6,
    ApiBudgetBurnsSlowly120Minutes: 0.3,
    ApiBudgetBurnsSlowly1440Minutes: 0.3,
    PublishingBudgetBurnsFast5Minutes: 7.2,
    PublishingBudgetBurnsFast60Minutes: 7.2,
    PublishingBudgetBurnsFast30Minutes: 3,
    PublishingBudgetBurnsFast360Minutes: 3,
    PublishingBudgetBurnsSlowly120Minutes: 1.5,
    PublishingBudgetBurnsSlowly1440Minutes: 1.5,
  });
  const expressionOf = (name: string) => JSON.stringify(windows.find(([id]) => id.includes(name))?.[1].Metrics);
  expect(expressionOf("ApiBudgetBurnsFast60Minutes")).toContain("FILL(failed, 0) >= 10");
  expect(expressionOf("ApiBudgetBurnsFast5Minutes")).toContain("FILL(failed, 0) >= 1,");
  expect(expressionOf("PublishingBudgetBurnsFast5Minutes")).toContain('"Stat":"PR(:300)"');
});
