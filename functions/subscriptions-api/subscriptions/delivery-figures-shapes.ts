import * as z from "zod";
import { timestamp } from "../../core/events/events.ts";
import type { DeliveryFigures, PeriodFigures } from "../../core/notifications/delivery-figures.ts";
import { timestampShape } from "../../core/shared/response-shapes.ts";
import { attemptFacts } from "../../core/subscriptions/attempt.ts";

// The figures of a subscription in responses. The descriptions are published.

const count = z.int().min(0);
const milliseconds = z.number().optional();

const byStatus = z.object({ delivered: count, delivery_failed: count, pending: count, held: count });

const periodShape = z.object({
  notifications: byStatus.describe("Notifications of the period's events, by status."),
  attempts: z
    .object({ succeeded: count, failed: count })
    .describe("The period's attempts, of the sampled notifications."),
  successRate: z.number().min(0).max(1).optional().describe("The share of these attempts that succeeded."),
  responseTimeP50: milliseconds.describe("The median response time, in milliseconds."),
  responseTimeP95: milliseconds.describe("The 95th percentile of the response times, in milliseconds."),
});

const attemptShape = z.object({
  timestamp: timestampShape,
  milliseconds: z.number(),
  statusCode: z.int().optional(),
  errorMessage: z.string().optional(),
});

/** How deliveries to a subscription went. */
export const figuresShape = z.object({
  last24Hours: periodShape,
  last7Days: periodShape,
  days: z
    .array(z.object({ day: z.iso.date(), notifications: byStatus }))
    .describe("Notifications of the events of each day (UTC), by status: the last seven days, oldest first."),
  isComplete: z
    .boolean()
    .describe("false if the issuer has more notifications in 7 days than one request counts, about 20,000."),
  sampledNotifications: count.describe("How many notifications' attempts were read: the newest, at most 300."),
  lastSuccess: attemptShape.optional().describe("The last successful attempt among them."),
  lastFailure: attemptShape.optional().describe("The last failed attempt among them."),
  owedNotifications: count.describe(
    "How many notifications wait for the endpoint, pending or held; a lower bound if the issuer has more than about " +
      "20,000 notifications.",
  ),
});

/** Figures as they are shown. */
export function figuresResource(figures: DeliveryFigures): z.infer<typeof figuresShape> {
  const { lastSuccess, lastFailure } = figures;
  return {
    last24Hours: periodResource(figures.last24Hours),
    last7Days: periodResource(figures.last7Days),
    days: figures.days.map(({ day, notifications }) => ({ day: timestamp(day).slice(0, 10), notifications })),
    isComplete: figures.isComplete,
    sampledNotifications: figures.sampled,
    ...(lastSuccess === undefined ? {} : { lastSuccess: attemptFacts(lastSuccess) }),
    ...(lastFailure === undefined ? {} : { lastFailure: attemptFacts(lastFailure) }),
    owedNotifications: figures.owed,
  };
}

function periodResource({ p50, p95, ...figures }: PeriodFigures): z.infer<typeof periodShape> {
  return { ...figures, responseTimeP50: p50, responseTimeP95: p95 };
}
