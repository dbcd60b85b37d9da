import {
  Dashboard,
  GraphWidget,
  type GraphWidgetProps,
  MathExpression,
  Metric,
  Stats,
} from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { StatusMetric } from "../../functions/core/audits/audit-metrics.ts";
import type { AnyMetric } from "./own-metrics.ts";
import type { Watched } from "./watched.ts";

const period = Duration.minutes(5);

/**
 * A tracker's dashboard: lag, throughput and cost. It has at most 50 metrics, because an account's first three
 * dashboards of that size are free. A larger one costs $3 a month.
 * https://aws.amazon.com/cloudwatch/pricing/
 */
export class TrackerDashboard extends Dashboard {
  constructor(scope: Construct, id: string, watched: Watched) {
    super(scope, id, { defaultInterval: Duration.days(1) });
    const { own, table, api, functions } = watched;
    const queues = [watched.resolutions, watched.deliveries, watched.slowDeliveries];
    const longest = { statistic: Stats.MAXIMUM, period };
    const sum = { statistic: Stats.SUM, period };
    const graph = (title: string, left: AnyMetric[], more: Partial<GraphWidgetProps> = {}) =>
      new GraphWidget({ title, left, width: 12, liveData: true, ...more });

    this.addWidgets(
      graph("Lag in seconds", [
        own("poll-audits", "PollLagSeconds", longest),
        own("sweep-outbox", "OutboxLagSeconds", longest),
        own("sweep-outbox", "DeliveryLagSeconds", longest),
      ]),
      graph("Audits by outcome", [
        own("audits-api", "AuditsFiled", { ...sum, label: "filed" }),
        everywhere("AuditsAccepted", "accepted by Kard"),
        everywhere("AuditsClosed", "closed"),
        everywhere("AuditsRejected", "refused by Kard"),
        own("poll-audits", "AuditsOverdue", { ...sum, label: "overdue" }),
        own("poll-audits", "AuditsUnconfirmed", { ...sum, label: "unconfirmed" }),
        own("poll-audits", "AuditsMissingAtKard", { ...sum, label: "missing at Kard" }),
      ]),
    );
    this.addWidgets(
      graph(
        "Kard's responses to polls",
        (["Kard2xx", "Kard4xx", "Kard5xx", "KardNoResponse", "KardResponsesNotUnderstood"] as const).map((name) =>
          own("poll-audits", name, sum),
        ),
        {
          right: [
            own("poll-audits", "KardLatency", { statistic: Stats.p(95), period, label: "p95, ms" }),
            own("poll-audits", "IssuersInTrouble", { ...longest, label: "issuers in trouble" }),
          ],
        },
      ),
      graph("Webhook attempts by outcome", [
        own("deliver-webhooks", "WebhooksDelivered", sum),
        own("deliver-webhooks", "WebhooksToRetry", sum),
        own("deliver-webhooks", "WebhooksExhausted", sum),
        own("deliver-webhooks", "SubscriptionsDisabled", sum),
      ]),
    );
    this.addWidgets(
      graph(
        "Polls, and the share of Kard's rate limit in use",
        (["AuditsPolled", "AuditsFailed"] as const).map((name) => own("poll-audits", name, sum)),
        { right: [own("poll-audits", "KardRateUsed", { ...longest, label: "% of the rate limit" })], width: 24 },
      ),
    );
    this.addWidgets(
      graph("Waiting messages", queues.flatMap(waiting), {
        right: queues.map((queue) => queue.metricApproximateAgeOfOldestMessage(longest)),
      }),
      graph("The API", [api.metricCount(sum), api.metricClientError(sum), api.metricServerError(sum)], {
        right: [api.metricLatency({ statistic: Stats.p(95), period })],
      }),
    );
    this.addWidgets(
      graph("Cost: DynamoDB units", ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits"].map(unitsOf)),
      graph(
        "Cost: Lambda milliseconds",
        Object.values(functions).map((fn) => fn.metricDuration({ ...sum, label: fn.node.id })),
        { stacked: true },
      ),
    );

    /** Sum over the three functions that change an audit's status. */
    function everywhere(name: StatusMetric, label: string): AnyMetric {
      const id = name.toLowerCase();
      const usingMetrics = {
        [`${id}Api`]: own("audits-api", name, sum),
        [`${id}Poll`]: own("poll-audits", name, sum),
        [`${id}Push`]: own("kard-webhook", name, sum),
      };
      const expression = Object.keys(usingMetrics)
        .map((metric) => `FILL(${metric}, 0)`)
        .join(" + ");
      return new MathExpression({ expression, usingMetrics, label, period });
    }

    function waiting(queue: Watched["resolutions"]): AnyMetric[] {
      const visible = (of: IQueue) => of.metricApproximateNumberOfMessagesVisible(longest);
      return [visible(queue), visible(queue.deadLetters)];
    }

    function unitsOf(metricName: string): Metric {
      const dimensionsMap = { TableName: table.tableName };
      return new Metric({ namespace: "AWS/DynamoDB", metricName, dimensionsMap, ...sum });
    }
  }
}
