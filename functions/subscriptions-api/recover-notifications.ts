import pMap from "p-map";
import { isUnderWay, type Notification } from "../core/notification.ts";
import type { NotificationListing, PagePosition } from "../core/ports.ts";
import { type ReplayDeps, replayNotification } from "../core/replay-notification.ts";
import type { SubscriptionKey } from "../core/subscription.ts";

export interface RecoverDeps extends ReplayDeps {
  notificationListing: NotificationListing;
}

export interface RecoverInput extends SubscriptionKey {
  since: number;
  statuses: readonly Notification["status"][];
  dryRun: boolean;
  from: PagePosition | undefined;
}

/** How many notifications one call recovers: it has to end while its caller waits. */
const mostPerCall = 500;
const atOnce = 10;

/**
 * Sends a subscription again what it was owed since a time and has one of these statuses, newest first, or only counts
 * it. Pending ones that have failed before do not wait for their next attempt then; those that have not are on their way.
 *
 * @returns how many, and where the next call goes on
 */
export function recoverNotifications(deps: RecoverDeps) {
  return async (input: RecoverInput): Promise<{ count: number; next: PagePosition | undefined }> => {
    const { organizationId, subscriptionId, since, statuses, dryRun, from } = input;
    const filter = { subscriptionId, statuses, since };
    const isMeant = (each: Notification) => statuses.includes(each.status) && !isUnderWay(each);
    const { items, next } = await deps.notificationListing.list(organizationId, filter, mostPerCall, from);
    const meant = items.filter(isMeant);
    if (dryRun) return { count: meant.length, next };
    const replayed = await pMap(meant, (key) => replayNotification(deps)(key, isMeant), { concurrency: atOnce });
    return { count: replayed.filter((notification) => notification !== undefined).length, next };
  };
}
