import * as z from "zod";
import { eventName, type HealthEventType } from "./events.ts";

// Events about an issuer's webhooks, for its other endpoints. The descriptions are published.

/** Where an event about webhooks was announced: the other endpoints, the feed, the owner's targets, the contact. */
export type AnnouncedTo = "endpoints" | "feed" | "queue" | "bus" | "topic" | "contact";

/** The same as stored. A newer version may know more places. */
export const announcedTo = z.array(z.string()).optional();

/** Why a subscription is disabled: its owner disabled it, its endpoint responded with 410, or it failed for days. */
export const disabledReason = z.enum(["by-owner", "gone", "failing"]);

const lastAttempt = z
  .object({
    timestamp: z.iso.datetime().describe("When it started, in UTC."),
    milliseconds: z.number().describe("How long it took."),
    statusCode: z.int().optional().describe("The endpoint's status code, if it answered."),
    errorMessage: z.string().optional().describe("Why there was no complete response."),
  })
  .describe("The attempt that led to the event.");

const owedNotifications = z
  .int()
  .min(0)
  .optional()
  .describe(
    "How many notifications wait for the endpoint, pending or held; a lower bound if the issuer has very many. Absent " +
      "if they could not be counted.",
  );

const endpoint = z.object({
  organizationId: z.string().describe("The issuer of the subscription."),
  webhookUrl: z.string().describe("The URL of the endpoint."),
  target: z
    .object({ type: z.enum(["sqs", "eventbridge"]), arn: z.string() })
    .optional()
    .describe("The endpoint, if it is a queue or an event bus. `webhookUrl` is then its ARN."),
  description: z.string().optional().describe("The owner's description."),
});

const eventNumber = z
  .int()
  .positive()
  .describe("The number of the event among those about the subscription: 1, 2, 3 … Use it to order them.");

const id = z.string().describe("The event's id. It stays the same for every delivery, so use it to deduplicate.");

function healthEvent<Type extends HealthEventType, Shape extends z.ZodRawShape>(type: Type, attributes: Shape) {
  return z.object({
    id,
    type: z.literal(type),
    timestamp: z.iso.datetime().describe("When it happened, in UTC."),
    data: z.object({
      type: z.literal("subscription"),
      id: z.string().describe("The subscription that the event is about."),
      attributes: endpoint.extend(attributes).extend({ owedNotifications }),
      eventNumber,
    }),
  });
}

/** An endpoint has only failed for half a day, two days or four days. */
export const subscriptionFailingEventBody = healthEvent("subscription.failing", {
  failingSince: z.iso.datetime().describe("The first failure since the last success."),
  disabledFrom: z.iso
    .datetime()
    .describe("The endpoint is disabled by a failure at this time or later, unless it succeeds before."),
  lastAttempt,
});

/** The first success after `subscription.failing` or `subscription.disabled`. */
export const subscriptionRecoveredEventBody = healthEvent("subscription.recovered", {
  failingSince: z.iso.datetime().optional().describe("The first failure of the series that has ended, if it is known."),
  lastAttempt,
});

const disabled = healthEvent("subscription.disabled", {
  webhookUrl: endpoint.shape.webhookUrl.describe("The URL that gets no more webhooks."),
  disabledAt: z.iso.datetime().describe("Since when it is disabled."),
  disabledReason: disabledReason
    .exclude(["by-owner"])
    .describe("gone: the endpoint answered 410. failing: it only failed for days."),
  lastAttempt: lastAttempt.optional(),
});

/** An endpoint's failures have disabled its subscription. */
export const subscriptionDisabledEventBody = disabled.extend({
  data: disabled.shape.data.extend({
    id: z.string().describe("The subscription that was disabled."),
    eventNumber: eventNumber.optional(),
    sequence: z.int().positive().describe("How often failures have disabled the subscription."),
  }),
});

export const healthEventBody = z.discriminatedUnion("type", [
  subscriptionFailingEventBody,
  subscriptionRecoveredEventBody,
  subscriptionDisabledEventBody,
]);
export type HealthEventBody = z.infer<typeof healthEventBody>;

/** A delivery was given up: no attempt is left, or its message was refused. A replay sends it again. */
export const notificationFailedEventBody = z.object({
  id,
  type: z.literal("notification.failed"),
  timestamp: z.iso.datetime().describe("When the last attempt ended, or when the event happened if there was none."),
  data: z.object({
    type: z.literal("notification"),
    id: z.string().describe("The notification that was given up. Replay it by this id."),
    attributes: z.object({
      organizationId: z.string().describe("The issuer of the subscription."),
      eventId: z.string().describe("The event that was not delivered."),
      // The contract lists the names of this version. The event that was not delivered may be one of a newer version.
      eventName: z.string().meta({ enum: eventName.options, description: "Its type." }),
      eventTimestamp: z.iso.datetime().describe("When it happened, in UTC."),
      attempts: z.int().min(0).describe("How many attempts were made."),
      lastAttempt: lastAttempt.optional(),
      errorMessage: z.string().optional().describe("Why it failed, if no attempt says so."),
    }),
    relationships: z.object({
      audit: z.object({ data: z.object({ type: z.literal("audit"), id: z.string() }) }),
      subscription: z.object({ data: z.object({ type: z.literal("subscription"), id: z.string() }) }),
    }),
    sequence: z
      .int()
      .positive()
      .describe("The number of attempts, at least 1: higher if it failed after a replay, too."),
  }),
});
export type NotificationFailedEventBody = z.infer<typeof notificationFailedEventBody>;
