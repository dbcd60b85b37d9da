import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import { AlarmTopic } from "./alarm-topic.ts";
import { canaryAlarm } from "./canary-alarm.ts";
import { consoleLinks } from "./console-links.ts";
import { deliveryAlarms } from "./delivery-alarms.ts";
import { functionAlarms } from "./function-alarms.ts";
import { kardAlarms } from "./kard-alarms.ts";
import { alarmOnKeyLoss } from "./key-loss.ts";
import { lagAlarms } from "./lag-alarms.ts";
import { OperationalAlarm, type OperationalAlarmProps } from "./operational-alarm.ts";
import { platformAlarms } from "./platform-alarms.ts";
import { SloAlarms } from "./slo-alarms.ts";
import { TrackerDashboard } from "./tracker-dashboard.ts";
import type { MakeAlarm, Watched } from "./watched.ts";

/** Topics for alarms by severity: `urgent` for alarms that need action at night, `soon` for the others. */
export type AlarmTopics = Record<OperationalAlarmProps["severity"], AlarmTopic>;

/** A tracker's monitoring: its dashboard, its alarms and their topics. */
export class TrackerAlarms extends Construct {
  readonly topics: AlarmTopics;
  readonly keyLossTopic: AlarmTopic;
  readonly dashboardUrl: string;

  constructor(scope: Construct, id: string, watched: Watched) {
    super(scope, id);
    const { alarmEmail: email, runbookUrl, encryptAll } = watched.config;
    const key = encryptAll ? watched.dataKey : undefined;
    this.topics = {
      urgent: new AlarmTopic(this, "UrgentTopic", { key, displayName: "Kard audits: act now" }),
      soon: new AlarmTopic(this, "SoonTopic", { key, displayName: "Kard audits: act within a working day" }),
    };
    this.keyLossTopic = alarmOnKeyLoss(this, watched.dataKey, runbookUrl);
    if (email !== undefined) {
      for (const topic of [...Object.values(this.topics), this.keyLossTopic])
        topic.addSubscription(new EmailSubscription(email));
    }
    const dashboard = new TrackerDashboard(this, "Dashboard", watched);
    const lookAt = consoleLinks.dashboard(dashboard.dashboardName);
    this.dashboardUrl = lookAt;
    const alarm: MakeAlarm = (name, props) =>
      new OperationalAlarm(this, name, { lookAt, runbookUrl, topic: this.topics[props.severity], ...props });
    if (watched.config.sloAlarms) new SloAlarms(this, "Slos", { ...watched, topics: this.topics, lookAt });
    for (const make of [lagAlarms, kardAlarms, deliveryAlarms, functionAlarms, platformAlarms, canaryAlarm])
      make(alarm, watched);
  }
}
