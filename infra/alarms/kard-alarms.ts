import { ComparisonOperator, MathExpression, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib/core";
import type { MakeAlarm, Watched } from "./watched.ts";

const atLeastOne = { comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD, threshold: 1, periods: 1 };
const silenceIsGood = { treatAs: TreatMissingData.NOT_BREACHING, because: "it is counted only when it happens" };

/** Alarms on Kard, and on audits with which something is wrong between Kard and us. */
export function kardAlarms(alarm: MakeAlarm, { own }: Watched): void {
  const period = Duration.minutes(5);
  const ofPolls = (ending: "2xx" | "4xx" | "5xx" | "NoAnswer") => own("poll-audits", `Kard${ending}`, { period });

  alarm("KardFailing", {
    impact:
      "Kard gives no usable answer to most calls: audits are kept, and are handed over and looked at once it does.",
    severity: "soon",
    metric: new MathExpression({
      expression:
        "100 * (FILL(bad, 0) + FILL(none, 0)) / (FILL(good, 0) + FILL(refused, 0) + FILL(bad, 0) + FILL(none, 0))",
      usingMetrics: { good: ofPolls("2xx"), refused: ofPolls("4xx"), bad: ofPolls("5xx"), none: ofPolls("NoAnswer") },
      label: "% of calls that Kard failed",
      period,
    }),
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: 50,
    periods: 3,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "without open audits Kard is not asked" },
  });
  alarm("IssuersInTrouble", {
    impact:
      "Kard answers for some issuers with errors, too late or not at all: their audits wait, those of others do not.",
    severity: "soon",
    metric: own("poll-audits", "IssuersInTrouble", { statistic: "Maximum", period }),
    ...atLeastOne,
    periods: 3,
    withoutData: silenceIsGood,
  });
  alarm("KardAnswersNotUnderstood", {
    impact: "Kard answers in a way that the tracker does not understand: the audits concerned stay open until it does.",
    severity: "soon",
    metric: new MathExpression({
      expression: "FILL(polls, 0) + FILL(api, 0) + FILL(pushes, 0)",
      usingMetrics: {
        polls: own("poll-audits", "KardAnswersNotUnderstood", { period: Duration.hours(1) }),
        api: own("audits-api", "KardAnswersNotUnderstood", { period: Duration.hours(1) }),
        pushes: own("kard-webhook", "KardAnswersNotUnderstood", { period: Duration.hours(1) }),
      },
      label: "answers",
      period: Duration.hours(1),
    }),
    ...atLeastOne,
    withoutData: silenceIsGood,
  });
  alarm("KardCredentialRefused", {
    impact: "Kard refuses an issuer's credentials: none of its audits is handed over or polled until they are right.",
    severity: "urgent",
    metric: new MathExpression({
      expression: "FILL(polls, 0) + FILL(api, 0) + FILL(pushes, 0)",
      usingMetrics: {
        polls: own("poll-audits", "KardCredentialRefused", { period }),
        api: own("audits-api", "KardCredentialRefused", { period }),
        pushes: own("kard-webhook", "KardCredentialRefused", { period }),
      },
      label: "refusals",
      period,
    }),
    ...atLeastOne,
    periods: 2,
    withoutData: silenceIsGood,
  });
  alarm("AuditsUnconfirmed", {
    impact: "Audits that came more than an hour ago are still not confirmed by Kard: perhaps it has not got them.",
    severity: "soon",
    metric: own("poll-audits", "AuditsUnconfirmed", { period: Duration.hours(1) }),
    ...atLeastOne,
    withoutData: silenceIsGood,
  });
  alarm("AuditsOverdue", {
    impact: "Kard has not closed audits in the time that the poll plan gives it. Their subscribers have been told.",
    severity: "soon",
    metric: own("poll-audits", "AuditsOverdue", { period: Duration.hours(1) }),
    ...atLeastOne,
    withoutData: silenceIsGood,
  });
  alarm("AuditsMissingAtKard", {
    impact: "Kard says that there is no such audit, of audits that it once accepted: they will not be resolved.",
    severity: "soon",
    metric: own("poll-audits", "AuditsMissingAtKard", { period: Duration.hours(1) }),
    ...atLeastOne,
    withoutData: silenceIsGood,
  });
  alarm("AdoptionsGivenUp", {
    impact: "For a week Kard has not answered about audits that an issuer asked to adopt: they are not tracked.",
    severity: "soon",
    metric: own("poll-audits", "AdoptionsGivenUp", { period: Duration.hours(1) }),
    ...atLeastOne,
    withoutData: silenceIsGood,
  });
  alarm("PollClockReset", {
    impact: "A clock was wrong by more than five minutes: audits may have been looked at late, or twice.",
    severity: "soon",
    metric: own("poll-audits", "PollClockResets", { period }),
    ...atLeastOne,
    withoutData: silenceIsGood,
  });
}
