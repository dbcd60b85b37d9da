import { Alarm, type ComparisonOperator, type TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { AnyMetric } from "./own-metrics.ts";

export interface OperationalAlarmProps {
  /** What users of the tracker notice, in a sentence or two. */
  impact: string;
  /** `urgent`: someone must act now, at night too. `soon`: within a working day. */
  severity: "urgent" | "soon";
  metric: AnyMetric;
  comparison: ComparisonOperator;
  threshold: number;
  /** How many periods of the metric in a row must breach the threshold, or in the latest `outOf` periods. */
  periods: number;
  outOf?: number;
  /** What silence means here, and why. */
  withoutData: { treatAs: TreatMissingData; because: string };
  /** The page of the AWS console on which to begin. */
  lookAt: string;
  /** Where its section of the runbook is: the address of the runbook without a fragment. */
  runbookUrl: string;
  /** Gets a message when the alarm begins and when it is over. */
  topic: ITopic;
}

/** An alarm that says what it means, and whose id names the section of the runbook that says what to do. */
export class OperationalAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: OperationalAlarmProps) {
    const { impact, severity, withoutData, lookAt, runbookUrl, topic } = props;
    super(scope, id, {
      alarmDescription: [
        impact,
        `Severity: ${severity}`,
        `What to do: ${runbookUrl}#${id.toLowerCase()}`,
        `Look at: ${lookAt}`,
        `Without data: ${withoutData.treatAs}, because ${withoutData.because}`,
      ].join("\n"),
      metric: props.metric,
      comparisonOperator: props.comparison,
      threshold: props.threshold,
      evaluationPeriods: props.outOf ?? props.periods,
      ...(props.outOf === undefined ? {} : { datapointsToAlarm: props.periods }),
      treatMissingData: withoutData.treatAs,
    });
    const action = new SnsAction(topic);
    this.addAlarmAction(action);
    this.addOkAction(action);
  }
}
