import type { SubscriptionKey } from "../subscriptions/subscription.ts";
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

/** Sends a page of a subscription's held notifications, oldest first. */
export function releaseHeld(deps: ReleaseDeps) {
  return async (subscription: SubscriptionKey, after: DeliveryRow | undefined): Promise<HeldPage> => {
    const { rows, next } = await deps.heldNotifications.list(subscription, pageSize, after);
    const isHeld = ({ status }: { status: string }) => status === "held";
    const held = rows.length === 0 ? [] : (await deps.notifications.getAll(rows)).filter(isHeld);
    const { failures } = await replayAll(deps)(held, isHeld);
    return { found: rows.length, next, failures };
  };
}
