import * as z from "zod";

/** How many waits an own retry schedule has, and how long one is, in seconds. */
const maxWaits = 20;
const maxWaitSeconds = 24 * 60 * 60;

/** The named retry schedules. */
export const retryScheduleName = z.enum(["default", "fast", "patient"]);

/** A retry schedule: a named one, or the waits between attempts in seconds. */
export const retrySchedule = z.union([
  retryScheduleName,
  z
    .array(
      z
        .int("must be a whole number of seconds")
        .min(1, "must be at least a second")
        .max(maxWaitSeconds, "must be at most a day"),
    )
    .min(1, "must have at least one wait")
    .max(maxWaits, `must have at most ${maxWaits} waits`),
]);
export type RetrySchedule = z.infer<typeof retrySchedule>;

/** The highest rate that can be set, in attempts per second. */
const maxRate = 500;

/** What webhooks contain. `thin`: ids, type, status and number of the event only. */
export const payload = z.enum(["full", "thin"]);

/** How events are delivered to a subscription. */
export const deliveryOptions = z.object({
  payload: payload.describe("`thin` sends ids, type, status and sequence only. The default is `full`."),
  retrySchedule: retrySchedule.describe(
    "`default`: ten attempts in 75 hours. `fast`: eight in an hour. `patient`: fourteen in seven days. Or the waits " +
      "between attempts, in seconds.",
  ),
  ordered: z
    .boolean()
    .describe("Whether an event of an audit waits until the earlier ones are delivered or given up. Default: false."),
  maxPerSecond: z
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(maxRate, `must be at most ${maxRate}`)
    .nullable()
    .describe("The most attempts per second. Above it, deliveries wait. null, the default: no limit."),
});

/** The options with another value than the default. */
export const storedDeliveryOptions = z.object({
  payload: z.literal("thin").optional(),
  retrySchedule: retrySchedule.optional(),
  ordered: z.literal(true).optional(),
  maxPerSecond: z.number().optional(),
});
export type DeliveryOptions = z.infer<typeof storedDeliveryOptions>;

/**
 * Returns the options to store after a change. An option that is not given keeps its value, and default values are not
 * stored.
 */
export function withOptions(
  stored: DeliveryOptions,
  change: {
    payload?: "full" | "thin" | undefined;
    retrySchedule?: RetrySchedule | undefined;
    ordered?: boolean | undefined;
    maxPerSecond?: number | null | undefined;
  },
): DeliveryOptions {
  const { payload: content = stored.payload, retrySchedule: schedule = stored.retrySchedule } = change;
  const { ordered = stored.ordered, maxPerSecond = stored.maxPerSecond } = change;
  return {
    ...(content === "thin" ? { payload: content } : {}),
    ...(schedule === undefined || schedule === "default" ? {} : { retrySchedule: schedule }),
    ...(ordered === true ? { ordered } : {}),
    ...(maxPerSecond == null ? {} : { maxPerSecond }),
  };
}
