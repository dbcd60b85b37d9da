import { z } from "zod";
import { eventName } from "../core/events/events.ts";
import { notificationStatus } from "../core/notifications/notification.ts";
import { listLinks, shownTime } from "../core/shared/answer-shapes.ts";

// The shapes of the function's responses. The descriptions are published.

function relationTo<Type extends string>(type: Type) {
  return z.object({ data: z.object({ type: z.literal(type), id: z.string() }) });
}

/** A notification as a JSON:API resource. */
export const shownNotification = z.object({
  type: z.literal("notification"),
  id: z.string(),
  attributes: z.object({
    eventId: z.string().describe("The id by which the receiver sees the event."),
    eventName,
    sequence: z.int(),
    timestamp: shownTime.describe("When its event came about."),
    status: notificationStatus.describe(
      "pending: an attempt is ahead. delivered: it was answered 2xx. delivery_failed: its attempts are used up. " +
        "held: it waits until its subscription is enabled.",
    ),
    attempts: z.int().min(0),
    lastAttemptAt: shownTime.optional(),
    statusCode: z.int().optional().describe("What the endpoint last answered."),
    errorMessage: z.string().optional().describe("What kept the last attempt from being answered in full."),
    nextAttemptAt: shownTime.optional(),
  }),
  relationships: z.object({
    audit: relationTo("audit").optional(),
    disabledSubscription: relationTo("subscription").optional().describe("Of `subscription.disabled`."),
    subscription: relationTo("subscription"),
  }),
});

/** The same with its last attempts. */
export const shownNotificationDetails = shownNotification.extend({
  attributes: shownNotification.shape.attributes.extend({
    lastAttempts: z
      .array(
        z.object({
          timestamp: shownTime,
          milliseconds: z.number(),
          statusCode: z.int().optional(),
          errorMessage: z.string().optional(),
        }),
      )
      .describe("The last ten, oldest first."),
    lastAnswer: z
      .string()
      .optional()
      .describe(
        "The first 4 KB of the body that the last attempt was answered with, where that was not 2xx; not kept for a " +
          "subscription with headers of its own, which endpoints echo.",
      ),
  }),
});

export const notificationList = z.object({
  data: z.array(shownNotification),
  meta: z.object({ pageSize: z.int(), hasNextPage: z.boolean() }),
  links: listLinks,
});

export const oneNotification = z.object({ data: shownNotificationDetails });

/** Kard answers a replay with `data.eventId`. */
export const replayedNotification = z.object({
  data: shownNotificationDetails.extend({ eventId: z.string() }),
});

export const recovery = z.object({
  data: z.object({
    type: z.literal("recovery"),
    attributes: z.object({
      dryRun: z.boolean(),
      notifications: z.int().min(0).describe("How many were sent again, or would be."),
      failed: z
        .int()
        .min(0)
        .describe("How many could not be sent again because of a failure of ours: ask for them once more."),
    }),
  }),
  links: listLinks,
});
