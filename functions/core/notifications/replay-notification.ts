import type { AuditStore } from "../audits/ports.ts";
import type { Clock } from "../shared/ports.ts";
import { settleAll } from "../shared/settle-all.ts";
import { eventOfNotification } from "./event-of-notification.ts";
import type { Notification, NotificationKey } from "./notification.ts";
import { replayed } from "./notification.ts";
import type { NotificationStore } from "./ports.ts";
import { type DeliveryRequest, type SendDeliveriesDeps, sendDeliveries } from "./send-deliveries.ts";

export interface ReplayDeps extends SendDeliveriesDeps {
  audits: Pick<AuditStore, "get">;
  notifications: Pick<NotificationStore, "get" | "put">;
  clock: Clock;
}

/** A try fails only if another writer is faster. */
const maxTries = 10;

/** How long a replay's message may take to bring an outcome before the sweep sends another, in milliseconds. */
export const replayGraceMs = 60_000;

const batchSize = 100;

/** Whether a notification may still be replayed. Another writer may have changed it. */
type IsMeant = (notification: Notification) => boolean;

/**
 * Replays a notification in any state, with the same event id and bytes. Its row keeps the earlier attempts.
 *
 * @returns the notification as stored, or `undefined` if it or its event is gone
 */
export function replayNotification(deps: ReplayDeps) {
  return async (key: NotificationKey): Promise<Notification | undefined> => {
    const stored = await deps.notifications.get(key);
    if (stored === undefined) return undefined;
    const { result, failures } = await replayAll(deps)([stored], () => true);
    if (failures.length > 0) throw failures[0];
    return result[0];
  };
}

/**
 * Replays many notifications, ten messages per call. An error of one does not affect the others.
 *
 * @returns the replayed notifications, and the errors of the others
 */
export function replayAll(deps: ReplayDeps) {
  return async (
    stored: readonly Notification[],
    isMeant: IsMeant,
  ): Promise<{ result: Notification[]; failures: unknown[] }> => {
    const result: Notification[] = [];
    const failures: unknown[] = [];
    for (let first = 0; first < stored.length; first += batchSize) {
      const batch = stored.slice(first, first + batchSize);
      const settled = await settleAll(batch, (each) => markReplayed(deps, each, isMeant));
      failures.push(...settled.failures);
      const requests: DeliveryRequest[] = [];
      for (const marked of settled.values) {
        if (marked?.event !== undefined) requests.push({ notification: marked.notification, event: marked.event });
        if (marked !== undefined) result.push(marked.notification);
      }
      // They are in lane DELIVER, so the sweep sends what could not be sent now.
      await sendDeliveries(deps)(requests).catch((error: unknown) => void failures.push(error));
    }
    return { result, failures };
  };
}

/** Makes a notification pending and restarts its schedule. Without `event`, another writer has already done so. */
async function markReplayed(
  deps: ReplayDeps,
  stored: Notification,
  isMeant: IsMeant,
): Promise<{ notification: Notification; event?: { id: string; body: string } } | undefined> {
  let notification: Notification | undefined = stored;
  for (let tries = 1; tries <= maxTries; tries++) {
    if (notification === undefined || !isMeant(notification)) return undefined;
    if (tries > 1 && notification.replayedAfter === notification.attemptCount) return { notification };
    const event = await eventOfNotification(deps.audits)(notification);
    if (event === undefined) return undefined;
    const { id, body } = event;
    const pending = replayed({ ...notification, event: { id, body } }, deps.clock() + replayGraceMs);
    if ((await deps.notifications.put(pending, notification)) === "done") return { notification: pending, event };
    notification = await deps.notifications.get(stored);
  }
  throw new Error("too many concurrent changes of a notification");
}
