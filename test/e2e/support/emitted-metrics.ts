import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { Template } from "aws-cdk-lib/assertions";
import * as z from "zod";
import { alarmMetrics, alarmsOf } from "../../infra/alarms/alarms-of.ts";
import { assemblyVariable } from "./grants/shared-assembly.ts";
import type { Product } from "./product.ts";

/** The alarms' own metrics, as `namespace service name`. */
export function alarmed(): Set<string> {
  const folder = process.env[assemblyVariable] ?? "";
  const file = readdirSync(folder).find((name) => name.endsWith(".template.json")) ?? "";
  const template = Template.fromJSON(JSON.parse(readFileSync(join(folder, file), "utf8")));
  const metrics = [...alarmsOf(template).values()].flatMap(alarmMetrics);
  return new Set(
    metrics
      .filter(({ namespace }) => !namespace.startsWith("AWS/"))
      .map(({ namespace, name, dimensions }) => `${namespace} ${dimensions.service} ${name}`),
  );
}

const embedded = z.looseObject({
  _aws: z.object({
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.object({ Name: z.string() })),
      }),
    ),
  }),
  service: z.string(),
});

type Line = Product["stack"]["logs"][number];

/** The metrics of each line: tests ask for them again and again, while a log grows. */
const metricsByLine = new WeakMap<Line, readonly string[]>();

/** The metrics that CloudWatch would have extracted from the functions' logs (embedded metric format). */
export function emitted({ stack }: Pick<Product, "stack">): Set<string> {
  return new Set(
    stack.logs.flatMap((line) => {
      const metrics = metricsByLine.get(line) ?? metricsIn(line);
      metricsByLine.set(line, metrics);
      return metrics;
    }),
  );
}

function metricsIn({ line }: Line): string[] {
  if (!line.includes('"CloudWatchMetrics"')) return [];
  const { _aws, service } = embedded.parse(JSON.parse(line));
  return _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) => {
    expect(Dimensions).toEqual([["service"]]);
    return Metrics.map(({ Name }) => `${Namespace} ${service} ${Name}`);
  });
}
