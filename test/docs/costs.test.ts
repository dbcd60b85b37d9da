import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { alarmMetrics, alarmsOf } from "../infra/alarms/alarms-of.ts";
import { synthesize } from "../infra/support/synthesize.ts";

const read = (name: string) => readFileSync(join(import.meta.dirname, "../..", name), "utf8");
const [idle = ""] = /^## Idle\n[\s\S]*?(?=\n## )/m.exec(read("docs/costs.md")) ?? [];
const rows = [...idle.matchAll(/^\| (.+?) \| (?:about )?\$([\d.]+) \|$/gm)].map(
  ([, what = "", dollars]) => [what, Number(dollars)] as const,
);

test("the idle alarms are those of the template, at their price", () => {
  const alarms = [...alarmsOf(synthesize()).values()];
  const metrics = alarms.flatMap(alarmMetrics).length;
  const [row] = rows.filter(([what]) => what.startsWith("CloudWatch alarms"));
  expect(row?.[0]).toContain(`${alarms.length} on ${metrics} metrics, at $0.10 a metric`);
  expect(row?.[1]).toBeCloseTo(metrics / 10);
});

test("the idle total is the sum of its rows, also where it is mentioned", () => {
  expect(rows.length).toBeGreaterThan(6);
  const total = Math.round(rows.reduce((sum, [, dollars]) => sum + dollars, 0));
  expect(idle).toContain(`**about $${total}**`);
  expect(read("README.md")).toContain(`[about $${total} a month](docs/costs.md)`);
  expect(read("docs/deploy.md")).toContain(`about $${total} a month`);
});

test("the price of a million audits is the sum of its rows, also where it is mentioned", () => {
  const [million = ""] = /^## A million audits\n[\s\S]*?(?=\n## )/m.exec(read("docs/costs.md")) ?? [];
  const prices = [...million.matchAll(/^\|.*\| \$([\d.]+) \|$/gm)].map(([, dollars]) => Number(dollars));
  expect(prices).toHaveLength(7);
  const total = Math.round(prices.reduce((sum, dollars) => sum + dollars, 0));
  expect(million).toContain(`**about $${total}**`);
  expect(read("README.md")).toContain(`about $${total} for a million audits`);
});
