import {
  listNotificationsQuery,
  recoverBody,
  recoverQuery,
} from "../../../../functions/subscriptions-api/notifications/notification-input.ts";
import {
  notificationList,
  oneNotification,
  recovery,
  replayedNotification,
} from "../../../../functions/subscriptions-api/notifications/notification-shapes.ts";
import type { Operation } from "./operation.ts";
import { aNotification, aNotificationInDetail } from "./subscription-examples.ts";

const recovered = (dryRun: boolean) => ({
  data: { type: "recovery", attributes: { dryRun, notifications: 12, failed: 0, skipped: 0 } },
  links: {},
});

/** The operations on notifications. */
export const notificationOperations = {
  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/recover": {
    operationId: "recoverNotifications",
    summary: "Resend a subscription's undelivered notifications since a time, or those with given statuses.",
    description: "At most 500 per call, newest first. `links.next` continues.",
    query: recoverQuery,
    body: { schema: recoverBody, example: { since: "2026-03-14T00:00:00Z" } },
    responses: {
      200: {
        description: "The number of matching notifications (`dryRun`).",
        schema: recovery,
        example: recovered(true),
      },
      202: { description: "The number of notifications that are resent.", schema: recovery, example: recovered(false) },
    },
  },

  "GET /v2/issuers/{organizationId}/notifications": {
    operationId: "listNotifications",
    summary: "List notifications, newest first.",
    description:
      "A page can have fewer entries than its size, or none. It is the last page only if `links.next` is missing.",
    query: listNotificationsQuery,
    responses: {
      200: {
        description: "A page.",
        schema: notificationList,
        example: { data: [aNotification], meta: { pageSize: 50, hasNextPage: false }, links: {} },
      },
    },
    errors: [400],
  },

  "GET /v2/issuers/{organizationId}/notifications/{notificationId}": {
    operationId: "getNotification",
    summary: "Get one notification with its last attempts.",
    responses: {
      200: { description: "The notification.", schema: oneNotification, example: { data: aNotificationInDetail } },
    },
  },

  "POST /v2/issuers/{organizationId}/notifications/{notificationId}/replay": {
    operationId: "replayNotification",
    summary: "Replay a notification: resend the event with the same id and bytes.",
    responses: {
      202: {
        description: "The notification will be sent again.",
        schema: replayedNotification,
        example: { data: { ...aNotificationInDetail, eventId: aNotification.attributes.eventId } },
      },
    },
  },
} satisfies Record<string, Operation>;
