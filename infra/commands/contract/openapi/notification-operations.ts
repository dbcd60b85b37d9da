import {
  listNotificationsQuery,
  recoverBody,
  recoverQuery,
} from "../../../../functions/subscriptions-api/notification-input.ts";
import {
  notificationList,
  oneNotification,
  recovery,
  replayedNotification,
} from "../../../../functions/subscriptions-api/notification-shapes.ts";
import type { Operation } from "./operation.ts";
import { aNotification, aNotificationInDetail } from "./subscription-examples.ts";

const recovered = (dryRun: boolean) => ({
  data: { type: "recovery", attributes: { dryRun, notifications: 12, failed: 0 } },
  links: {},
});

/** The operations on what became of events. */
export const notificationOperations = {
  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/recover": {
    operationId: "recoverNotifications",
    summary: "Send a subscription again what it was not delivered since a time, or all that it was owed.",
    description: "At most 500 a call, newest first: `links.next` goes on.",
    query: recoverQuery,
    body: { schema: recoverBody, example: { since: "2026-03-14T00:00:00Z" } },
    answers: {
      200: { description: "How many there are (`dryRun`).", schema: recovery, example: recovered(true) },
      202: { description: "How many are sent again.", schema: recovery, example: recovered(false) },
    },
  },

  "GET /v2/issuers/{organizationId}/notifications": {
    operationId: "listNotifications",
    summary: "List what became of events, newest first.",
    description: "A page may have fewer than its size, or none, and not be the last: `links.next` says so.",
    query: listNotificationsQuery,
    answers: {
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
    summary: "Show one notification with its last attempts.",
    answers: {
      200: { description: "The notification.", schema: oneNotification, example: { data: aNotificationInDetail } },
    },
  },

  "POST /v2/issuers/{organizationId}/notifications/{notificationId}/replay": {
    operationId: "replayNotification",
    summary: "Send an event again, with the same id and bytes.",
    answers: {
      202: {
        description: "It is sent.",
        schema: replayedNotification,
        example: { data: { ...aNotificationInDetail, eventId: aNotification.attributes.eventId } },
      },
    },
  },
} satisfies Record<string, Operation>;
