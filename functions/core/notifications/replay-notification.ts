import type { AuditStore } from "../audits/ports.ts";
import type { Clock, ReportError } from "../shared/ports.ts";
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
 * @returns the notification as stored; `no-event` if its event has expired; `undefined` if it is gone itself
 */
export function replayNotification(deps: ReplayDeps & { reportError: ReportError }) {
  return async (key: NotificationKey): Promise<Notification | "no-event" | undefined> => {
    const stored = await deps.notifications.get(key);
    if (stored === undefined) return undefined;
    const { result, failures, unsent, withoutEvent } = await replayAll(deps)([stored], () => true);
    if (failures.length > 0) throw failures[0];
    unsent.forEach(deps.reportError);
    return withoutEvent > 0 ? "no-event" : result[0];
  };
}

/** What became of replays. */
export interface Replays {
  /** The replayed notifications. */
  result: Notification[];
  /** The errors of notifications that were not replayed. */
  failures: unknown[];
  /** The errors of sending messages. Their notifications are in `result`, and the sweep sends them. */
  unsent: unknown[];
  /** How many were not replayed because their event has expired. */
  withoutEvent: number;
}

/** Replays many notifications, ten messages per call. An error of one does not affect the others. */
export function replayAll(deps: ReplayDeps) {
  return async (stored: readonly Notification[], isMeant: IsMeant): Promise<Replays> => {
    const replays: Replays = { result: [], failures: [], unsent: [], withoutEvent: 0 };
    for (let first = 0; first < stored.length; first += batchSize) {
      const batch = stored.slice(first, first + batchSize);
      const settled = await settleAll(batch, (each) => markReplayed(deps, each, isMeant));
      replays.failures.push(...settled.failures);
      const requests: DeliveryRequest[] = [];
      for (const marked of settled.values) {
        if (marked === undefined) continue;
        if (marked === "no-event") {
          replays.withoutEvent++;
          continue;
        }
        const { notification, event } = marked;
        if (event !== undefined) requests.push({ notification, event });
        replays.result.push(notification);
      }
      // They are in lane DELIVER, so the sweep sends what could not be sent now.
      await sendDeliveries(deps)(requests).catch((error: unknown) => void replays.unsent.push(error));
    }
    return replays;
  };
}

/** Makes a notification pending and restarts its schedule. Without `event`, another writer has already done so. */
async function markReplayed(
  deps: ReplayDeps,
  stored: Notification,
  isMeant: IsMeant,
): Promise<{ notification: Notification; event?: { id: string; body: string } } | "no-event" | undefined> {
  let notification: Notification | undefined = stored;
  for (let tries = 1; tries <= maxTries; tries++) {
    if (notification === undefined || !isMeant(notification)) return undefined;
    if (tries > 1 && notification.replayedAfter === notification.attemptCount) return { notification };
    const event = await eventOfNotification(deps.audits)(notification);
    if (event === undefined) return "no-event";
    const { id, body } = event;
    const pending = replayed({ ...notification, event: { id, body } }, deps.clock() + replayGraceMs);
    if ((await deps.notifications.put(pending, notification)) === "done") return { notification: pending, event };
    notification = await deps.notifications.get(stored);
  }
  throw new Error("too many concurrent changes of a notification");
}
