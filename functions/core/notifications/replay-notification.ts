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

/** Each of them is lost only to somebody else's change. */
const maxTries = 10;

/** How long a replay's message has to bring an outcome before the sweep sends another, in milliseconds. */
export const replayGraceMs = 60_000;

const batchSize = 100;

/** Which notifications are replayed: a change by somebody else may have made it pointless meanwhile. */
type IsMeant = (notification: Notification) => boolean;

/**
 * Sends a notification again, whatever became of it, with the same event id and bytes. Its row keeps its attempts.
 *
 * @returns the notification as it is then, or `undefined` when there is none or its event is gone
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
 * Sends many again, ten messages a call. Each is settled by itself: whatever one of them throws, the others are done.
 *
 * @returns those that were replayed, as they are then, and what others threw
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
      // They are in lane DELIVER: what is not sent now is sent by the sweep.
      await sendDeliveries(deps)(requests).catch((error: unknown) => void failures.push(error));
    }
    return { result, failures };
  };
}

/** Turns a notification back to pending, with its schedule begun anew. Without an event somebody else has done so. */
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
  throw new Error("a notification is changed by too many at once");
}
