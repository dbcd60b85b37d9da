import { type Notification, notification as notificationSchema } from "../../core/notifications/notification.ts";
import { notificationId, notificationKeyOf } from "../../core/notifications/notification-id.ts";
import type { NotificationFilter, NotificationListing } from "../../core/notifications/ports.ts";
import { notificationKey, notificationKeyOfRow } from "./notifications.ts";
import { type DynamoList, readPage } from "./table/listing.ts";
import { key, type Table, wholeFromItem } from "./table/table.ts";

/** Lists an issuer's notifications, newest first, in index `byIssuer`. */
export function dynamoNotificationListing(table: Table): NotificationListing {
  return {
    list(organizationId, filter, size, from) {
      const { statuses, subscriptionIds, since, before } = filter;
      const list: DynamoList<Notification> = {
        index: "byIssuer",
        partitions: [key(organizationId, "NOTIFICATIONS")],
        where: [
          { attribute: "status", anyOf: statuses },
          { attribute: "subscriptionId", anyOf: subscriptionIds },
        ],
        idOf: (row) => notificationId(notificationKeyOfRow(row)),
        keyOf: (id) => notificationKey(notificationKeyOf(organizationId, id) ?? notNotification()),
        parse: (item) => wholeFromItem(notificationSchema, item),
        isListed: (notification) => matches(notification, filter),
      };
      return readPage(table, list, { since, before, from }, size);
    },
  };
}

function notNotification(): never {
  throw new Error("a page token does not name a notification");
}

function matches(notification: Notification, { statuses, subscriptionIds }: NotificationFilter): boolean {
  return (
    statuses?.includes(notification.status) !== false &&
    subscriptionIds?.includes(notification.subscriptionId) !== false
  );
}
