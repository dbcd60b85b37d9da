import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import { consoleLinks } from "./console-links.ts";
import { deliveryAlarms } from "./delivery-alarms.ts";
import { kardAlarms } from "./kard-alarms.ts";
import { lagAlarms } from "./lag-alarms.ts";
import { OperationalAlarm } from "./operational-alarm.ts";
import { platformAlarms } from "./platform-alarms.ts";
import { TrackerDashboard } from "./tracker-dashboard.ts";
import type { MakeAlarm, Watched } from "./watched.ts";

/** All that watches a tracker: its dashboard, and its alarms with the topic that they go to. */
export class TrackerAlarms extends Construct {
  /** Hears of every alarm, when it begins and when it is over. */
  readonly topic: Topic;

  constructor(scope: Construct, id: string, watched: Watched, email: string | undefined) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", { enforceSSL: true });
    if (email !== undefined) this.topic.addSubscription(new EmailSubscription(email));
    const dashboard = new TrackerDashboard(this, "Dashboard", watched);
    const lookAt = consoleLinks.dashboard(dashboard.dashboardName);
    const alarm: MakeAlarm = (name, props) => new OperationalAlarm(this, name, { lookAt, topic: this.topic, ...props });
    for (const make of [lagAlarms, kardAlarms, deliveryAlarms, platformAlarms]) make(alarm, watched);
  }
}
