import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import { AlarmTopic } from "./alarm-topic.ts";
import { consoleLinks } from "./console-links.ts";
import { deliveryAlarms } from "./delivery-alarms.ts";
import { kardAlarms } from "./kard-alarms.ts";
import { lagAlarms } from "./lag-alarms.ts";
import { OperationalAlarm, type OperationalAlarmProps } from "./operational-alarm.ts";
import { platformAlarms } from "./platform-alarms.ts";
import { TrackerDashboard } from "./tracker-dashboard.ts";
import type { MakeAlarm, Watched } from "./watched.ts";

/** Topics for alarms by severity: `urgent` for those that need someone at night too, `soon` for the others. */
export type AlarmTopics = Record<OperationalAlarmProps["severity"], AlarmTopic>;

interface TrackerAlarmsProps {
  /** Is subscribed to both topics. */
  email: string | undefined;
  /** The address of the runbook, without a fragment. */
  runbookUrl: string;
}

/** All that watches a tracker: its dashboard, and its alarms with the topics that they go to. */
export class TrackerAlarms extends Construct {
  readonly topics: AlarmTopics;

  constructor(scope: Construct, id: string, watched: Watched, { email, runbookUrl }: TrackerAlarmsProps) {
    super(scope, id);
    this.topics = {
      urgent: new AlarmTopic(this, "UrgentTopic", { displayName: "Kard audits: act now" }),
      soon: new AlarmTopic(this, "SoonTopic", { displayName: "Kard audits: act within a working day" }),
    };
    if (email !== undefined) {
      for (const topic of Object.values(this.topics)) topic.addSubscription(new EmailSubscription(email));
    }
    const dashboard = new TrackerDashboard(this, "Dashboard", watched);
    const lookAt = consoleLinks.dashboard(dashboard.dashboardName);
    const alarm: MakeAlarm = (name, props) =>
      new OperationalAlarm(this, name, { lookAt, runbookUrl, topic: this.topics[props.severity], ...props });
    for (const make of [lagAlarms, kardAlarms, deliveryAlarms, platformAlarms]) make(alarm, watched);
  }
}
