import { ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { Duration } from "aws-cdk-lib/core";
import { consoleLinks } from "./console-links.ts";
import type { MakeAlarm, Watched } from "./watched.ts";

const period = Duration.minutes(5);
const tenMinutes = 10 * 60;

/** Alarms on work that comes late, and on the scheduled functions that do it. */
export function lagAlarms(alarm: MakeAlarm, { own, functions }: Watched): void {
  const late = { comparison: ComparisonOperator.GREATER_THAN_THRESHOLD, threshold: tenMinutes, periods: 3 };
  const longest = { statistic: "Maximum", period };

  alarm("PollLag", {
    impact: "Audits are looked at more than ten minutes late: issuers hear of resolutions late.",
    severity: "soon",
    metric: own("poll-audits", "PollLagSeconds", longest),
    ...late,
    withoutData: { treatAs: TreatMissingData.BREACHING, because: "a poller that gets hold of no shard says nothing" },
  });
  alarm("OutboxLag", {
    impact: "An event has not been published for more than ten minutes: a consumer or an endpoint has not got it.",
    severity: "urgent",
    metric: own("sweep-outbox", "OutboxLagSeconds", longest),
    ...late,
    withoutData: { treatAs: TreatMissingData.BREACHING, because: "every sweep says how late it is" },
  });
  alarm("DeliveryLag", {
    impact: "Webhooks that are due are sent more than ten minutes late.",
    severity: "soon",
    metric: own("sweep-outbox", "DeliveryLagSeconds", longest),
    ...late,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "OutboxLag tells of a sweep that is silent" },
  });
  runs(
    "PollAudits",
    functions.pollAudits,
    "No audit is polled or handed to Kard: issuers hear of nothing but Kard's pushes.",
  );
  runs(
    "SweepOutbox",
    functions.sweepOutbox,
    "No retry of a webhook is sent, and nothing that a crash left behind is published.",
  );

  function runs(name: string, fn: IFunction, impact: string): void {
    const lookAt = consoleLinks.functionNamed(fn.functionName);
    alarm(`${name}Failing`, {
      impact: `Some or all of its runs fail. In the worst case: ${impact}`,
      severity: "soon",
      metric: fn.metricErrors({ period }),
      comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 3,
      periods: 2,
      withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: `${name}NotRunning tells of no runs at all` },
      lookAt,
    });
    alarm(`${name}NotRunning`, {
      impact,
      severity: "urgent",
      metric: fn.metricInvocations({ period }),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      periods: 2,
      withoutData: {
        treatAs: TreatMissingData.BREACHING,
        because: "Lambda says nothing of a function that is not run",
      },
      lookAt,
    });
  }
}
