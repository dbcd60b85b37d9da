import { type FindNotificationDeps, findNotification } from "./find-notification.ts";
import type { Notification, NotificationKey } from "./notification.ts";
import { replayed } from "./notification.ts";
import { notifiedEvent, recordedDelivery } from "./notified-event.ts";
import type { Clock, DeliveriesQueue, NotificationStore } from "./ports.ts";

export interface ReplayDeps extends FindNotificationDeps {
  notifications: Pick<NotificationStore, "get" | "put">;
  deliveries: DeliveriesQueue;
  clock: Clock;
}

/** Each of them is lost only to somebody else's change. */
const mostTries = 10;

/** How long a replay has to leave a trace before the sweep sends it again, in milliseconds. */
export const replayGraceMs = 60_000;

/**
 * Sends a notification again, whatever became of it, with the same event id and bytes. Its record keeps its attempts.
 *
 * @param isMeant replays it only while it is so
 * @returns the notification as it is then, or `undefined` when it is not there or was left alone
 */
export function replayNotification(deps: ReplayDeps) {
  return async (
    key: NotificationKey,
    isMeant: (notification: Notification) => boolean = () => true,
  ): Promise<Notification | undefined> => {
    for (let attempt = 1; attempt <= mostTries; attempt++) {
      const found = await findNotification(deps)(key);
      if (found === undefined || !isMeant(found.notification)) return undefined;
      const { notification, isRecorded } = found;
      // Somebody else has asked for it at the same time.
      if (attempt > 1 && notification.replayedAfter === notification.attemptCount) return notification;
      const event = await notifiedEvent(deps.audits)(notification);
      if (event === undefined) return undefined;
      const { id, body } = event;
      const pending = replayed({ ...notification, event: { id, body } }, deps.clock() + replayGraceMs);
      const written = await deps.notifications.put(pending, isRecorded ? notification : undefined);
      if (written === "stale") continue;
      await deps.deliveries.send([recordedDelivery(pending, event)]);
      return pending;
    }
    throw new Error("a notification is changed by too many at once");
  };
}
