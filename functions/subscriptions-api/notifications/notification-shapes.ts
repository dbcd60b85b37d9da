import * as z from "zod";
import { shownEventName } from "../../core/events/events.ts";
import { notificationStatus } from "../../core/notifications/notification.ts";
import { listLinks, timestampShape } from "../../core/shared/response-shapes.ts";

// The shapes of the function's responses. The descriptions are published.

function relationTo<Type extends string>(type: Type) {
  return z.object({ data: z.object({ type: z.literal(type), id: z.string() }) });
}

/** A notification as a JSON:API resource. */
export const notificationShape = z.object({
  type: z.literal("notification"),
  id: z.string(),
  attributes: z.object({
    eventId: z.string().describe("The event's id, as the receiver gets it."),
    eventName: shownEventName,
    sequence: z.int(),
    timestamp: timestampShape.describe("When its event happened."),
    status: notificationStatus.describe(
      "pending: waits for its next attempt. delivered: answered 2xx. delivery_failed: no attempt is left. held: waits " +
        "until its subscription is enabled.",
    ),
    attempts: z.int().min(0),
    lastAttemptAt: timestampShape.optional(),
    statusCode: z.int().optional().describe("The last status code of the endpoint."),
    errorMessage: z
      .string()
      .optional()
      .describe("Why the last attempt got no complete response, or why the notification failed without an attempt."),
    nextAttemptAt: timestampShape.optional(),
  }),
  relationships: z.object({
    audit: relationTo("audit").optional(),
    affectedSubscription: relationTo("subscription")
      .optional()
      .describe("The subscription that an event about a subscription is about."),
    failedNotification: relationTo("notification").optional().describe("The notification of `notification.failed`."),
    disabledSubscription: relationTo("subscription")
      .optional()
      .describe("The disabled subscription of `subscription.disabled`."),
    subscription: relationTo("subscription"),
  }),
});

/** The same with its last attempts. */
export const notificationDetailsShape = notificationShape.extend({
  attributes: notificationShape.shape.attributes.extend({
    lastAttempts: z
      .array(
        z.object({
          timestamp: timestampShape,
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
        "The first 4 KB of the last response's body, if it was not 2xx. Not kept if the subscription has headers, " +
          "because endpoints may echo them, and for private receivers.",
      ),
  }),
});

export const notificationList = z.object({
  data: z.array(notificationShape),
  meta: z.object({ pageSize: z.int(), hasNextPage: z.boolean() }),
  links: listLinks,
});

export const oneNotification = z.object({ data: notificationDetailsShape });

/** Kard answers a replay with `data.eventId`. */
export const replayedNotification = z.object({
  data: notificationDetailsShape.extend({ eventId: z.string() }),
});

export const recovery = z.object({
  data: z.object({
    type: z.literal("recovery"),
    attributes: z.object({
      dryRun: z.boolean(),
      notifications: z.int().min(0).describe("How many notifications were replayed, or would be."),
      failed: z
        .int()
        .min(0)
        .describe("How many could not be replayed because of an internal error. Repeat the call for them."),
      skipped: z
        .int()
        .min(0)
        .describe("How many were not replayed because their event has expired or was erased. 0 in a dry run."),
    }),
  }),
  links: listLinks,
});
