import { MathExpression, type Metric } from "aws-cdk-lib/aws-cloudwatch";

/**
 * A metric with a value for periods without data. An alarm on the end of data needs it: CloudWatch reads more periods
 * than the alarm has, and counts missing ones as breaching only when no other data is left among them.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 *
 * Periods end at the time of evaluation. A value that arrives late leaves a gap only if it is late by a whole period.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
 */
export function fillGaps(metric: Metric, value: number): MathExpression {
  const { metricName: label, period } = metric;
  return new MathExpression({ expression: `FILL(m, ${value})`, usingMetrics: { m: metric }, label, period });
}
