import { ComparisonOperator, MathExpression, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib/core";
import type { MakeAlarm, Watched } from "./watched.ts";

const atLeastOne = { comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD, threshold: 1, periods: 1 };
const withoutDataIsGood = { treatAs: TreatMissingData.NOT_BREACHING, because: "the metric exists only if it happens" };

/** Alarms on Kard, and on audits whose state at Kard is unclear or unexpected. */
export function kardAlarms(alarm: MakeAlarm, { own, config }: Watched): void {
  const period = Duration.minutes(5);
  const ofPolls = (ending: "2xx" | "4xx" | "5xx" | "NoResponse") => own("poll-audits", `Kard${ending}`, { period });

  alarm("KardFailing", {
    impact: "Most calls to Kard fail. Audits are stored; the tracker submits and polls them when Kard answers again.",
    severity: "soon",
    metric: new MathExpression({
      expression:
        "100 * (FILL(bad, 0) + FILL(none, 0)) / (FILL(good, 0) + FILL(refused, 0) + FILL(bad, 0) + FILL(none, 0))",
      usingMetrics: { good: ofPolls("2xx"), refused: ofPolls("4xx"), bad: ofPolls("5xx"), none: ofPolls("NoResponse") },
      label: "% of failed calls to Kard",
      period,
    }),
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    threshold: 50,
    periods: 3,
    withoutData: {
      treatAs: TreatMissingData.NOT_BREACHING,
      because: "without open audits, the poller does not call Kard",
    },
  });
  alarm("IssuersInTrouble", {
    impact: "Calls to Kard fail or time out for some issuers. Their audits wait; those of other issuers do not.",
    severity: "soon",
    metric: own("poll-audits", "IssuersInTrouble", { statistic: "Maximum", period }),
    ...atLeastOne,
    periods: 3,
    withoutData: withoutDataIsGood,
  });
  alarm("KardResponsesNotUnderstood", {
    impact:
      "The tracker cannot parse some of Kard's responses. The audits concerned stay open until it can, or are closed " +
      "without a resolution code.",
    severity: "soon",
    metric: new MathExpression({
      expression: "FILL(polls, 0) + FILL(api, 0) + FILL(pushes, 0)",
      usingMetrics: {
        polls: own("poll-audits", "KardResponsesNotUnderstood", { period: Duration.hours(1) }),
        api: own("audits-api", "KardResponsesNotUnderstood", { period: Duration.hours(1) }),
        pushes: own("kard-webhook", "KardResponsesNotUnderstood", { period: Duration.hours(1) }),
      },
      label: "responses",
      period: Duration.hours(1),
    }),
    ...atLeastOne,
    withoutData: withoutDataIsGood,
  });
  alarm("KardCredentialRefused", {
    impact:
      "Kard refuses an issuer's credentials, or this way to request a token. None of its audits are submitted or polled " +
      "until you correct the credentials, `kardTokenUrl` or `kardTokenRequest`.",
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
    withoutData: withoutDataIsGood,
  });
  alarm("AuditsUnconfirmed", {
    impact: "Audits from more than an hour ago are not confirmed by Kard. Kard may not have them.",
    severity: "soon",
    metric: own("poll-audits", "AuditsUnconfirmed", { period: Duration.hours(1) }),
    ...atLeastOne,
    withoutData: withoutDataIsGood,
  });
  alarm("AuditsOverdue", {
    impact:
      "Kard has not closed audits within the poll plan's `overdueAfter`. Their subscribers have got `audit.overdue`.",
    severity: "soon",
    metric: own("poll-audits", "AuditsOverdue", { period: Duration.hours(1) }),
    ...atLeastOne,
    withoutData: withoutDataIsGood,
  });
  alarm("AuditsMissingAtKard", {
    impact: "Kard answers 404 for audits that it accepted earlier. They will not be resolved.",
    severity: "soon",
    metric: own("poll-audits", "AuditsMissingAtKard", { period: Duration.hours(1) }),
    ...atLeastOne,
    withoutData: withoutDataIsGood,
  });
  alarm("AdoptionsGivenUp", {
    impact: "Kard has not answered about pending adoptions for a week. Those audits are not tracked.",
    severity: "soon",
    metric: own("poll-audits", "AdoptionsGivenUp", { period: Duration.hours(1) }),
    ...atLeastOne,
    withoutData: withoutDataIsGood,
  });
  if (config.followUpAfterDays !== undefined) {
    alarm("AuditsUnfulfilled", {
      impact:
        "Kard has not done what its resolutions promised for at least ten audits in a day. Their subscribers have got " +
        "`audit.unfulfilled`.",
      severity: "soon",
      metric: own("poll-audits", "AuditsUnfulfilled", { period: Duration.days(1) }),
      comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 10,
      periods: 1,
      withoutData: withoutDataIsGood,
    });
  }
  alarm("PollClockReset", {
    impact: "A clock was wrong by more than five minutes. Some audits may have been polled late or twice.",
    severity: "soon",
    metric: own("poll-audits", "PollClockResets", { period }),
    ...atLeastOne,
    withoutData: withoutDataIsGood,
  });
}
