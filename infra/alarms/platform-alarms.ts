import { ComparisonOperator, MathExpression, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib/core";
import { indexNames } from "../constructs/audit-table.ts";
import { consoleLinks } from "./console-links.ts";
import type { MakeAlarm, Watched } from "./watched.ts";

const period = Duration.minutes(5);

/** Alarms on what AWS does for us: the table and the API. */
export function platformAlarms(alarm: MakeAlarm, { table, api }: Watched): void {
  const throttles = (metricName: "ReadThrottleEvents" | "WriteThrottleEvents", index?: string) =>
    new Metric({
      ...{ namespace: "AWS/DynamoDB", metricName, statistic: "Sum", period },
      dimensionsMap: {
        TableName: table.tableName,
        ...(index === undefined ? {} : { GlobalSecondaryIndexName: index }),
      },
    });
  const sum = (metrics: Record<string, Metric>) =>
    new MathExpression({
      expression: Object.keys(metrics)
        .map((name) => `FILL(${name}, 0)`)
        .join(" + "),
      usingMetrics: metrics,
      label: "throttled requests",
      period,
    });
  const throttled = {
    severity: "soon",
    comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 10,
    periods: 2,
    withoutData: {
      treatAs: TreatMissingData.NOT_BREACHING,
      because: "DynamoDB counts throttles only when there are any",
    },
    lookAt: consoleLinks.table(table.tableName),
  } as const;

  alarm("TableThrottled", {
    impact: "DynamoDB turns requests down: calls of the API are slow or fail, and work comes late. Nothing is lost.",
    metric: sum({ reads: throttles("ReadThrottleEvents"), writes: throttles("WriteThrottleEvents") }),
    ...throttled,
  });
  alarm("IndexesThrottled", {
    impact: "A hot partition of an index slows every write that touches it. Nothing is lost.",
    metric: sum(
      Object.fromEntries(
        indexNames.flatMap((index) => [
          [`${index}Reads`, throttles("ReadThrottleEvents", index)],
          [`${index}Writes`, throttles("WriteThrottleEvents", index)],
        ]),
      ),
    ),
    ...throttled,
  });
  alarm("ApiFailing", {
    impact: "Calls of the API are answered 5xx: issuers cannot file audits, or Kard's pushes are turned away.",
    severity: "urgent",
    metric: new MathExpression({
      // A count alone never trips at a few calls an hour; a share alone would miss failures of one route among many
      // calls.
      expression: "IF(failed >= 5, 100, IF(calls > 0, 100 * failed / calls, 0))".replace(
        /failed|calls/g,
        "FILL($&, 0)",
      ),
      usingMetrics: {
        failed: api.metricServerError({ period, statistic: "Sum" }),
        calls: api.metricCount({ period, statistic: "Sum" }),
      },
      label: "% of calls answered 5xx, or 100 for five or more",
      period,
    }),
    comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 50,
    periods: 2,
    outOf: 6,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "without calls none fails" },
  });
}
