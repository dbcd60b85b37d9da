import type { Template } from "aws-cdk-lib/assertions";
import * as z from "zod";
import { resourcesOf } from "../support/synthesize.ts";

const metric = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.unknown() })).default([]),
});
const alarm = z.looseObject({
  AlarmDescription: z.unknown(),
  TreatMissingData: z.string(),
  ComparisonOperator: z.string(),
  Threshold: z.number(),
  Metrics: z
    .array(z.object({ MetricStat: z.object({ Metric: metric }).optional(), Expression: z.string().optional() }))
    .default([]),
});

export interface FoundAlarm {
  properties: z.output<typeof alarm>;
  /** References are written as `<LogicalId>`. */
  description: string;
}

/** The alarms of a template by their names in the runbook. */
export function alarmsOf(template: Template): Map<string, FoundAlarm> {
  return new Map(
    resourcesOf(template, "AWS::CloudWatch::Alarm")
      // The windows of burn-rate alarms notify nobody.
      .filter(([, { AlarmActions }]) => AlarmActions !== undefined)
      .map(([id, found]) => {
        const properties = alarm.parse(found);
        const description = written(properties.AlarmDescription);
        return [id.replace(/^Alarms(.*)[0-9A-F]{8}$/, "$1"), { properties, description }];
      }),
  );
}

/** The composite alarms of a template by the name under which the runbook knows them. */
export function compositeAlarmsOf(template: Template) {
  return new Map(
    resourcesOf(template, "AWS::CloudWatch::CompositeAlarm").map(([id, properties]) => [
      id.replace(/^AlarmsSlos(.*)[0-9A-F]{8}$/, "$1"),
      { properties, description: written(properties.AlarmDescription) },
    ]),
  );
}

/** The metrics of an alarm. */
export function alarmMetrics({ properties }: FoundAlarm) {
  const single = metric.safeParse(properties).data;
  const all = [single, ...properties.Metrics.map(({ MetricStat }) => MetricStat?.Metric)];
  return all
    .filter((found) => found !== undefined)
    .map(({ Namespace: namespace, MetricName: name, Dimensions }) => ({
      ...{ namespace, name },
      dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
    }));
}

const joined = z.object({ "Fn::Join": z.tuple([z.literal(""), z.array(z.unknown())]) });
const reference = z.object({ Ref: z.string() });

function written(value: unknown): string {
  const parts = joined.safeParse(value).data?.["Fn::Join"][1] ?? [value];
  return parts.map((part) => (typeof part === "string" ? part : `<${reference.parse(part).Ref}>`)).join("");
}
