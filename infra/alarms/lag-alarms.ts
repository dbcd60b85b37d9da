import { ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Duration } from "aws-cdk-lib/core";
import { consoleLinks } from "./console-links.ts";
import { fillGaps } from "./fill-gaps.ts";
import type { MakeAlarm, Watched } from "./watched.ts";

const period = Duration.minutes(5);
const tenMinutes = 10 * 60;

/** Alarms on late work, and on the scheduled functions that do it. */
export function lagAlarms(alarm: MakeAlarm, { own, functions }: Watched): void {
  const late = { comparison: ComparisonOperator.GREATER_THAN_THRESHOLD, threshold: tenMinutes, periods: 3 };
  const longest = { statistic: "Maximum", period };
  const tooLate = tenMinutes + 1;

  alarm("PollLag", {
    impact: "Audits are polled more than ten minutes late, so issuers learn of resolutions late.",
    severity: "soon",
    metric: fillGaps(own("poll-audits", "PollLagSeconds", longest), tooLate),
    ...late,
    withoutData: { treatAs: TreatMissingData.BREACHING, because: "a poller that leases no shard sends no metric" },
  });
  alarm("OutboxLag", {
    impact: "An event has been unpublished for more than ten minutes. A consumer or an endpoint does not have it.",
    severity: "urgent",
    metric: fillGaps(own("sweep-outbox", "OutboxLagSeconds", longest), tooLate),
    ...late,
    withoutData: {
      treatAs: TreatMissingData.BREACHING,
      because: "every sweep that can read the outbox sends this metric",
    },
  });
  alarm("DeliveryLag", {
    impact: "Due webhooks are sent more than ten minutes late.",
    severity: "soon",
    metric: own("sweep-outbox", "DeliveryLagSeconds", longest),
    ...late,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "OutboxLag detects a missing sweep" },
  });
  runs(
    "PollAudits",
    functions.pollAudits,
    "No audit is polled or submitted to Kard. Issuers learn only of Kard's pushes.",
  );
  runs(
    "SweepOutbox",
    functions.sweepOutbox,
    "No webhook retries are sent, and events that a crash left unpublished stay unpublished.",
  );

  function runs(name: string, fn: IFunction, impact: string): void {
    const lookAt = consoleLinks.functionNamed(fn.functionName);
    alarm(`${name}Failing`, {
      impact: `Some or all of its runs fail. If all fail: ${impact}`,
      severity: "soon",
      metric: fn.metricErrors({ period }),
      comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 3,
      periods: 2,
      withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: `${name}NotRunning detects missing runs` },
      lookAt,
    });
    alarm(`${name}NotRunning`, {
      impact,
      severity: "urgent",
      metric: fillGaps(fn.metricInvocations({ period }), 0),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      periods: 2,
      withoutData: {
        treatAs: TreatMissingData.BREACHING,
        because: "Lambda sends no metric for a function without invocations",
      },
      lookAt,
    });
  }
}
