import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  type IAlarmRule,
  MathExpression,
  Stats,
  TreatMissingData,
} from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Duration } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { Watched } from "./watched.ts";

interface Objective {
  /** The prefix of its alarms' names. */
  name: string;
  what: string;
  /** The share that may be bad over 30 days, in percent. */
  budget: number;
  /** The bad share of a window, in percent. A long window needs enough bad calls for the share to mean something. */
  badShare(period: Duration, isLong: boolean): MathExpression;
}

interface SloProps extends Pick<Watched, "api" | "own" | "config"> {
  topics: Readonly<Record<"urgent" | "soon", ITopic>>;
  lookAt: string;
}

/**
 * Burn rates and windows of "Alerting on SLOs" in Google's Site Reliability Workbook, table 5-8 without its three days,
 * which no CloudWatch period covers: 2 % of the budget in an hour, 5 % in six hours, 10 % in a day. The short window
 * ends the alarm soon after the cause has ended. https://sre.google/workbook/alerting-on-slos/
 */
const rates = {
  BurnsFast: [
    { rate: 14.4, long: Duration.hours(1), short: Duration.minutes(5) },
    { rate: 6, long: Duration.hours(6), short: Duration.minutes(30) },
  ],
  BurnsSlowly: [{ rate: 3, long: Duration.days(1), short: Duration.hours(2) }],
} as const;
const severities = { BurnsFast: "urgent", BurnsSlowly: "soon" } as const;

/** Alarms on service level objectives: how fast their error budgets of 30 days are used up. */
export class SloAlarms extends Construct {
  constructor(scope: Construct, id: string, { topics, lookAt, config, ...measured }: SloProps) {
    super(scope, id);
    for (const objective of objectivesOf(measured))
      for (const [speed, windows] of Object.entries(rates) as [
        keyof typeof rates,
        (typeof rates)[keyof typeof rates],
      ][]) {
        const name = objective.name + speed;
        const severity = severities[speed];
        const alarm = new CompositeAlarm(this, name, {
          alarmRule: AlarmRule.anyOf(...windows.map((each) => this.#burns(name, objective, each))),
          alarmDescription: [
            `The error budget of an objective is used up ${windows.at(-1)?.rate} times too fast or more: ${objective.what}.`,
            `Severity: ${severity}`,
            `What to do: ${config.runbookUrl}#${name.toLowerCase()}`,
            `Start here: ${lookAt}`,
          ].join("\n"),
        });
        const action = new SnsAction(topics[severity]);
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
      }
  }

  #burns(
    name: string,
    { badShare, budget }: Objective,
    window: { rate: number; long: Duration; short: Duration },
  ): IAlarmRule {
    const faster = (period: Duration, isLong: boolean) =>
      AlarmRule.fromAlarm(
        new Alarm(this, `${name}${period.toMinutes()}Minutes`, {
          alarmDescription: `One window of ${name}. It notifies nobody.`,
          metric: badShare(period, isLong),
          threshold: Number((window.rate * budget).toFixed(2)),
          comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
          evaluationPeriods: 1,
          treatMissingData: TreatMissingData.NOT_BREACHING,
        }),
        AlarmState.ALARM,
      );
    return AlarmRule.allOf(faster(window.long, true), faster(window.short, false));
  }
}

function objectivesOf({ api, own }: Pick<Watched, "api" | "own">): Objective[] {
  return [
    {
      name: "ApiBudget",
      what: "99.9 % of the API's calls are not answered 5xx",
      budget: 0.1,
      badShare: (period, isLong) =>
        new MathExpression({
          expression: `IF(FILL(failed, 0) >= ${isLong ? 10 : 1}, 100 * failed / calls, 0)`,
          usingMetrics: {
            failed: api.metricServerError({ period, statistic: "Sum" }),
            calls: api.metricCount({ period, statistic: "Sum" }),
          },
          label: "% of calls answered 5xx",
          period,
        }),
    },
    {
      name: "PublishingBudget",
      what: "in 99.5 % of minutes no event has waited for more than five minutes to be published",
      budget: 0.5,
      badShare: (period) =>
        new MathExpression({
          expression: "100 - good",
          // One value a minute, by each sweep. The percentile rank is the share of values up to 300 seconds. It has no
          // lower bound, because a value equal to one would not count, and a sweep that finds nothing reports 0.
          // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
          usingMetrics: {
            good: own("sweep-outbox", "OutboxLagSeconds", { period, statistic: Stats.percentileRank(300) }),
          },
          label: "% of sweeps that found an event older than five minutes",
          period,
        }),
    },
  ];
}
