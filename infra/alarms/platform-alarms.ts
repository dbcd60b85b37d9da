import { ComparisonOperator, MathExpression, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib/core";
import { indexNames } from "../constructs/audit-table.ts";
import { consoleLinks } from "./console-links.ts";
import type { MakeAlarm, Watched } from "./watched.ts";

const period = Duration.minutes(5);

/** The indexes of pending work. */
const workIndexes = ["lanes", "outbox"];

/** Alarms on the table and the API. */
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
      because: "DynamoDB sends throttle metrics only if there are any",
    },
    lookAt: consoleLinks.table(table.tableName),
  } as const;

  alarm("TableThrottled", {
    impact: "DynamoDB throttles requests. API calls are slow or fail, and work is late. No data is lost.",
    metric: sum({ reads: throttles("ReadThrottleEvents"), writes: throttles("WriteThrottleEvents") }),
    ...throttled,
  });
  alarm("IndexesThrottled", {
    impact: "A hot partition of an index slows down all writes to it. No data is lost.",
    metric: sum(
      Object.fromEntries(
        indexNames.flatMap((index) => [
          [`${index}Writes`, throttles("WriteThrottleEvents", index)],
          // An alarm takes ten metrics at most. Throttled reads of the other indexes slow down lists only.
          ...(workIndexes.includes(index) ? [[`${index}Reads`, throttles("ReadThrottleEvents", index)]] : []),
        ]),
      ),
    ),
    ...throttled,
  });
  alarm("ApiFailing", {
    impact: "API calls get 5xx responses. Issuers cannot file audits, or Kard's pushes fail.",
    severity: "urgent",
    metric: new MathExpression({
      // A count alone misses failures at a few calls an hour. A share alone misses failures of one route among many
      // calls.
      expression: "IF(failed >= 5, 100, IF(calls > 0, 100 * failed / calls, 0))".replace(
        /failed|calls/g,
        "FILL($&, 0)",
      ),
      usingMetrics: {
        failed: api.metricServerError({ period, statistic: "Sum" }),
        calls: api.metricCount({ period, statistic: "Sum" }),
      },
      label: "% of calls with a 5xx response, or 100 for five or more",
      period,
    }),
    comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 50,
    periods: 2,
    outOf: 6,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "without calls, none fails" },
  });
}
