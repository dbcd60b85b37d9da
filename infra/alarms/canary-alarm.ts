import { ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib/core";
import { consoleLinks } from "./console-links.ts";
import { fillGaps } from "./fill-gaps.ts";
import type { MakeAlarm, Watched } from "./watched.ts";

/** An alarm on a canary that fails twice, or that does not run. */
export function canaryAlarm(alarm: MakeAlarm, { canary }: Pick<Watched, "canary">): void {
  if (canary === undefined) return;
  const { fn, interval } = canary;
  const threshold = 2;
  alarm("CanaryFailing", {
    impact: "The canary's calls of the API fail: issuers probably cannot file or read audits.",
    severity: "urgent",
    // Three runs: a period that ends between two of them may have one fewer.
    metric: fillGaps(fn.metricErrors({ period: Duration.seconds(3 * interval.toSeconds()) }), threshold),
    comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold,
    periods: 1,
    withoutData: { treatAs: TreatMissingData.BREACHING, because: "a canary that does not run finds no failure" },
    lookAt: consoleLinks.functionNamed(fn.functionName),
  });
}
