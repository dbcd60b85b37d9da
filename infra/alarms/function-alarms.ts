import { ComparisonOperator, MathExpression, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Duration } from "aws-cdk-lib/core";
import type { MakeAlarm, Watched } from "./watched.ts";

const comparison = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD;

/** Alarms on functions that crash, are throttled, or approach the account's concurrency limit. */
export function functionAlarms(alarm: MakeAlarm, { functions, config }: Watched): void {
  const period = Duration.minutes(15);
  // Finds a function that crashes once an hour, too. Periods and length multiply to at most a day.
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
  const twiceInFourHours = { periods: 2, outOf: 16 };
  const sumOf = (metricOf: (fn: IFunction) => Metric, label: string) => {
    const usingMetrics = Object.fromEntries(Object.values(functions).map((fn, i) => [`m${i}`, metricOf(fn)]));
    const expression = Object.keys(usingMetrics)
      .map((name) => `FILL(${name}, 0)`)
      .join(" + ");
    return new MathExpression({ expression, usingMetrics, label, period });
  };
  const withoutData = {
    treatAs: TreatMissingData.NOT_BREACHING,
    because: "functions without invocations do not fail",
  };

  alarm("FunctionsFailing", {
    impact: "Invocations of a function crash or time out. The table keeps the work, but callers can get errors.",
    severity: "soon",
    metric: sumOf((fn) => fn.metricErrors({ period }), "failed invocations"),
    ...{ comparison, threshold: 1, ...twiceInFourHours, withoutData },
  });
  alarm("FunctionsThrottled", {
    impact: "Lambda throttles invocations because concurrency is used up. API calls fail, and work is late.",
    severity: "urgent",
    metric: sumOf((fn) => fn.metricThrottles({ period }), "throttled invocations"),
    ...{ comparison, threshold: 1, ...twiceInFourHours, withoutData },
  });
  alarm("ConcurrencyNearLimit", {
    impact:
      "The account's functions use 80 % of its concurrency in this region. At 100 %, Lambda throttles the tracker.",
    severity: "soon",
    // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html
    metric: new Metric({
      ...{ namespace: "AWS/Lambda", metricName: "ClaimedAccountConcurrency" },
      ...{ statistic: "Maximum", period: Duration.minutes(5) },
    }),
    ...{ comparison, threshold: 0.8 * config.accountConcurrency, periods: 2 },
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "without invocations, no concurrency is claimed" },
  });
}
