import { ComparisonOperator, MathExpression, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Duration } from "aws-cdk-lib/core";
import { consoleLinks } from "./console-links.ts";
import type { MakeAlarm, Watched } from "./watched.ts";

/** The functions that send events to targets or to the queues of webhooks. */
const publishers = [
  ...["audits-api", "subscriptions-api", "kard-webhook"],
  ...["poll-audits", "sweep-outbox", "deliver-webhooks"],
] as const;

/** Alarms on the queues and on webhooks. */
export function deliveryAlarms(
  alarm: MakeAlarm,
  { own, resolutions, deliveries, slowDeliveries, functions, config }: Watched,
): void {
  const period = Duration.minutes(5);
  const { GREATER_THAN_THRESHOLD, GREATER_THAN_OR_EQUAL_TO_THRESHOLD, LESS_THAN_THRESHOLD } = ComparisonOperator;
  const anEmptyQueue = {
    treatAs: TreatMissingData.NOT_BREACHING,
    because: "SQS sends no metrics for an inactive queue",
  };
  const lookAt = consoleLinks.queues();

  alarm("ResolutionsDeadLetters", {
    impact: "A consumer has failed on resolutions five times. They are in the dead-letter queue and not processed.",
    severity: "urgent",
    metric: resolutions.deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: "Maximum" }),
    comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    periods: 1,
    withoutData: anEmptyQueue,
    lookAt,
  });
  alarm("PublishRefused", {
    impact: "AWS has refused an event permanently. A target of the deployment or an endpoint does not get that event.",
    severity: "urgent",
    metric: new MathExpression({
      expression: publishers.map((_, index) => `FILL(m${index}, 0)`).join(" + "),
      usingMetrics: Object.fromEntries(
        publishers.map((service, index) => [`m${index}`, own(service, "PublishRefused", { period })]),
      ),
      label: "permanently refused messages",
      period,
    }),
    comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    periods: 1,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "the metric exists only if it happens" },
  });
  if (config.resolutionsAgeAlarm) {
    alarm("ResolutionsWaiting", {
      impact:
        "Resolutions have waited for a consumer for a day. They expire after seven days without becoming dead letters.",
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
    impact: "Messages about webhooks have failed five times. sweep-outbox sends these webhooks again.",
    severity: "soon",
    metric: deliveries.deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: "Maximum" }),
    comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    periods: 1,
    withoutData: anEmptyQueue,
    lookAt,
  });
  alarm("DeliveriesWaiting", {
    impact: "Webhooks wait more than ten minutes for their first attempt.",
    severity: "soon",
    metric: deliveries.metricApproximateAgeOfOldestMessage({ period, statistic: "Maximum" }),
    comparison: GREATER_THAN_THRESHOLD,
    threshold: 10 * 60,
    periods: 2,
    withoutData: anEmptyQueue,
    lookAt: consoleLinks.functionNamed(functions.deliverWebhooks.functionName),
  });
  alarm("SlowDeliveriesWaiting", {
    impact: "Webhooks to slow endpoints wait more than an hour.",
    severity: "soon",
    metric: slowDeliveries.metricApproximateAgeOfOldestMessage({ period, statistic: "Maximum" }),
    comparison: GREATER_THAN_THRESHOLD,
    threshold: 3600,
    periods: 2,
    withoutData: anEmptyQueue,
    lookAt: consoleLinks.functionNamed(functions.deliverWebhooks.functionName),
  });
  alarm("WebhooksFailing", {
    impact: "Fewer than half of the webhook attempts get a 2xx response. They are retried, by default for 75 hours.",
    severity: "soon",
    metric: new MathExpression({
      expression: "IF(good + again >= 20, 100 * good / (good + again))".replace(/good|again/g, "FILL($&, 0)"),
      usingMetrics: {
        good: own("deliver-webhooks", "WebhooksDelivered", { period: Duration.minutes(15) }),
        again: own("deliver-webhooks", "WebhooksToRetry", { period: Duration.minutes(15) }),
      },
      label: "% of attempts with a 2xx response",
      period: Duration.minutes(15),
    }),
    comparison: LESS_THAN_THRESHOLD,
    threshold: 50,
    periods: 2,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "fewer than twenty attempts are not significant" },
  });
  alarm("EndpointsFailing", {
    impact:
      "An endpoint has failed every attempt for six hours or more. Its webhooks are retried, by default for 75 hours in total.",
    severity: "soon",
    metric: own("deliver-webhooks", "EndpointsFailing", { period: Duration.hours(1) }),
    comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    periods: 1,
    // Retries are hours apart. The alarm ends after half a day without failures.
    outOf: 12,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "the metric exists only if it happens" },
  });
  alarm("WebhooksExhausted", {
    impact: "All attempts of a webhook have failed. Its receiver gets the event only if someone replays it.",
    severity: "soon",
    metric: own("deliver-webhooks", "WebhooksExhausted", { period }),
    comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    periods: 1,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "the metric exists only if it happens" },
  });
  alarm("SubscriptionsDisabled", {
    impact:
      "An endpoint is disabled: it answered 410 or failed for five days. Its notifications are held until you enable it.",
    severity: "soon",
    metric: own("deliver-webhooks", "SubscriptionsDisabled", { period }),
    comparison: GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    threshold: 1,
    periods: 1,
    withoutData: { treatAs: TreatMissingData.NOT_BREACHING, because: "the metric exists only if it happens" },
  });
}
