import { ComparisonOperator, MathExpression, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib/core";
import { consoleLinks } from "./console-links.ts";
import type { MakeAlarm, Watched } from "./watched.ts";

/** The functions that publish events. */
const publishers = ["audits-api", "kard-webhook", "poll-audits", "sweep-outbox"] as const;

/** Alarms on the queues and on webhooks. */
export function deliveryAlarms(
  alarm: MakeAlarm,
  { own, resolutions, deliveries, slowDeliveries, functions, config }: Watched,
): void {
  const period = Duration.minutes(5);
  const { GREATER_THAN_THRESHOLD, GREATER_THAN_OR_EQUAL_TO_THRESHOLD, LESS_THAN_THRESHOLD } = ComparisonOperator;
  const anEmptyQueue = { treatAs: TreatMissingData.NOT_BREACHING, because: "SQS says nothing of a queue at rest" };
  const lookAt = consoleLinks.queues();

  alarm("ResolutionsDeadLetters", {
    impact: "A consumer has failed on resolutions five times: what it does with them is not done.",
    severity: "urgent",
    metric: resolutions.deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: "Maximum" }),
    comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    periods: 1,
    withoutData: anEmptyQueue,
    lookAt,
  });
  alarm("PublishRefused", {
    impact: "SQS has refused a message for good: a consumer of resolutions or an endpoint will not get that event.",
    severity: "urgent",
    metric: new MathExpression({
      expression: publishers.map((_, index) => `FILL(m${index}, 0)`).join(" + "),
      usingMetrics: Object.fromEntries(
        publishers.map((service, index) => [`m${index}`, own(service, "PublishRefused", { period })]),
      ),
      label: "messages refused for good",
      period,
    }),
    comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    periods: 1,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "it is counted only when it happens" },
  });
  if (config.resolutionsAgeAlarm) {
    alarm("ResolutionsWaiting", {
      impact: "Nobody has consumed resolutions for a day. They expire after seven days and never become dead letters.",
      severity: "soon",
      metric: resolutions.metricApproximateAgeOfOldestMessage({ period, statistic: "Maximum" }),
      comparison: GREATER_THAN_THRESHOLD,
      threshold: 24 * 3600,
      periods: 2,
      withoutData: anEmptyQueue,
      lookAt,
    });
  }
  alarm("DeliveriesDeadLetters", {
    impact: "Messages about webhooks could not be worked on five times. What they ask for is sent anew by the sweep.",
    severity: "soon",
    metric: deliveries.deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: "Maximum" }),
    comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    periods: 1,
    withoutData: anEmptyQueue,
    lookAt,
  });
  alarm("DeliveriesWaiting", {
    impact: "Webhooks wait for more than ten minutes before their first attempt.",
    severity: "soon",
    metric: deliveries.metricApproximateAgeOfOldestMessage({ period, statistic: "Maximum" }),
    comparison: GREATER_THAN_THRESHOLD,
    threshold: 10 * 60,
    periods: 2,
    withoutData: anEmptyQueue,
    lookAt: consoleLinks.functionNamed(functions.deliverWebhooks.functionName),
  });
  alarm("SlowDeliveriesWaiting", {
    impact: "Webhooks to slow endpoints wait for more than an hour.",
    severity: "soon",
    metric: slowDeliveries.metricApproximateAgeOfOldestMessage({ period, statistic: "Maximum" }),
    comparison: GREATER_THAN_THRESHOLD,
    threshold: 3600,
    periods: 2,
    withoutData: anEmptyQueue,
    lookAt: consoleLinks.functionNamed(functions.deliverWebhooks.functionName),
  });
  alarm("WebhooksFailing", {
    impact: "Fewer than half of the attempts at webhooks are answered 2xx. They are tried again for 75 hours.",
    severity: "soon",
    metric: new MathExpression({
      expression: "IF(good + again >= 20, 100 * good / (good + again))".replace(/good|again/g, "FILL($&, 0)"),
      usingMetrics: {
        good: own("deliver-webhooks", "WebhooksDelivered", { period: Duration.minutes(15) }),
        again: own("deliver-webhooks", "WebhooksToRetry", { period: Duration.minutes(15) }),
      },
      label: "% of attempts answered 2xx",
      period: Duration.minutes(15),
    }),
    comparison: LESS_THAN_THRESHOLD,
    threshold: 50,
    periods: 2,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "fewer than twenty attempts tell nothing" },
  });
  alarm("EndpointsFailing", {
    impact: "An endpoint has only failed for six hours or more. Its webhooks are retried for 75 hours, then given up.",
    severity: "soon",
    metric: own("deliver-webhooks", "EndpointsFailing", { period: Duration.hours(1) }),
    comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    periods: 1,
    // Retries are hours apart: the alarm stays until there was none for half a day.
    outOf: 12,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "it is counted only when it happens" },
  });
  alarm("WebhooksExhausted", {
    impact: "All attempts at a webhook have failed: its receiver does not hear of the event unless someone replays it.",
    severity: "soon",
    metric: own("deliver-webhooks", "WebhooksExhausted", { period }),
    comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    periods: 1,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "it is counted only when it happens" },
  });
  alarm("SubscriptionsDisabled", {
    impact: "An endpoint is gone or has only failed for five days: what it is owed is held until it is enabled.",
    severity: "soon",
    metric: own("deliver-webhooks", "SubscriptionsDisabled", { period }),
    comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    periods: 1,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "it is counted only when it happens" },
  });
}
