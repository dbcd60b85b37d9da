import { settleAll } from "../shared/settle-all.ts";
import type { SubscriptionKey } from "../subscriptions/subscription.ts";
import { completed, type Notification } from "./notification.ts";
import type { DeliveryRow, HeldNotifications, NotificationStore } from "./ports.ts";
import { type ReplayDeps, replayAll } from "./replay-notification.ts";

export interface ReleaseDeps extends ReplayDeps {
  heldNotifications: Pick<HeldNotifications, "list">;
  notifications: ReplayDeps["notifications"] & Pick<NotificationStore, "getAll">;
}

const pageSize = 100;

/** A processed page of held notifications: how many it had, where the next one starts, and the errors. */
export interface HeldPage {
  found: number;
  next: DeliveryRow | undefined;
  failures: unknown[];
}

const isHeld = ({ status }: Notification) => status === "held";

/** Sends a page of a subscription's held notifications, oldest first. */
export function releaseHeld(deps: ReleaseDeps) {
  return heldPage(deps, async (held) => {
    const { failures, unsent } = await replayAll(deps)(held, isHeld);
    return { failures: [...failures, ...unsent] };
  });
}

/** Marks a page of a deleted subscription's held notifications as failed. */
export function failHeld(deps: ReleaseDeps) {
  return heldPage(deps, (held) =>
    settleAll(held, (notification) =>
      deps.notifications.put(completed(notification, "delivery_failed", "subscription-deleted"), notification),
    ),
  );
}

function heldPage(deps: ReleaseDeps, work: (held: readonly Notification[]) => Promise<{ failures: unknown[] }>) {
  return async (subscription: SubscriptionKey, after: DeliveryRow | undefined): Promise<HeldPage> => {
    const { rows, next } = await deps.heldNotifications.list(subscription, pageSize, after);
    const held = rows.length === 0 ? [] : (await deps.notifications.getAll(rows)).filter(isHeld);
    const { failures } = await work(held);
    return { found: rows.length, next, failures };
  };
}
