import { Alarm, type ComparisonOperator, type TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import type { AnyMetric } from "./own-metrics.ts";

export interface OperationalAlarmProps {
  /** The effect on users of the tracker, in one or two sentences. */
  impact: string;
  /** `urgent`: act now, also at night. `soon`: act within a working day. */
  severity: "urgent" | "soon";
  metric: AnyMetric;
  comparison: ComparisonOperator;
  threshold: number;
  /** How many periods must breach the threshold: in a row, or out of the latest `outOf` periods. */
  periods: number;
  outOf?: number;
  /** How missing data is treated, and why. */
  withoutData: { treatAs: TreatMissingData; because: string };
  /** The page of the AWS console to look at first. */
  lookAt: string;
  /** URL of the runbook, without a fragment. */
  runbookUrl: string;
  /** Gets a message when the alarm starts and when it ends. */
  topic: ITopic;
}

/** An alarm whose description states impact and severity, and links to the runbook section of the same name. */
export class OperationalAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: OperationalAlarmProps) {
    const { impact, severity, withoutData, lookAt, runbookUrl, topic } = props;
    super(scope, id, {
      alarmDescription: [
        impact,
        `Severity: ${severity}`,
        `What to do: ${runbookUrl}#${id.toLowerCase()}`,
        `Start here: ${lookAt}`,
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
