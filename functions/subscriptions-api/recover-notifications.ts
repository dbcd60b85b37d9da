import pMap from "p-map";
import type { NotificationListing, PagePosition } from "../core/ports.ts";
import { type ReplayDeps, replayNotification } from "../core/replay-notification.ts";
import type { SubscriptionKey } from "../core/subscription.ts";

export interface RecoverDeps extends ReplayDeps {
  notificationListing: NotificationListing;
}

export interface RecoverInput extends SubscriptionKey {
  since: number;
  dryRun: boolean;
  from: PagePosition | undefined;
}

/** How many notifications one call recovers: it has to end while its caller waits. */
const mostPerCall = 500;
const atOnce = 10;

/** What is under way needs no recovery: it is tried again by itself. */
const recoverable = ["delivery_failed", "held"] as const;

/**
 * Sends again what has failed for good or is held of a subscription since a time, newest first, or only counts it.
 *
 * @returns how many, and where the next call goes on
 */
export function recoverNotifications(deps: RecoverDeps) {
  return async (input: RecoverInput): Promise<{ count: number; next: PagePosition | undefined }> => {
    const { organizationId, subscriptionId, since, dryRun, from } = input;
    const filter = { subscriptionId, statuses: recoverable, since };
    const { items, next } = await deps.notificationListing.list(organizationId, filter, mostPerCall, from);
    if (dryRun) return { count: items.length, next };
    const replayed = await pMap(items, (key) => replayNotification(deps)(key, recoverable), { concurrency: atOnce });
    return { count: replayed.filter((notification) => notification !== undefined).length, next };
  };
}
