import { isUnderWay, type Notification } from "../../core/notifications/notification.ts";
import type { NotificationListing } from "../../core/notifications/ports.ts";
import { type ReplayDeps, replayAll } from "../../core/notifications/replay-notification.ts";
import type { PagePosition, ReportError } from "../../core/shared/ports.ts";
import type { SubscriptionKey } from "../../core/subscriptions/subscription.ts";

export interface RecoverDeps extends ReplayDeps {
  notificationListing: NotificationListing;
  reportError: ReportError;
}

export interface RecoverInput extends SubscriptionKey {
  since: number;
  statuses: readonly Notification["status"][];
  dryRun: boolean;
  from: PagePosition | undefined;
}

export interface Recovery {
  count: number;
  failed: number;
  skipped: number;
  next: PagePosition | undefined;
}

/** The maximum number of notifications that one call replays while its caller waits. */
const maxPerCall = 500;

/**
 * Replays a subscription's notifications since a time with the given statuses, newest first, or only counts them.
 * Pending ones that have failed before are sent now; pending ones without an attempt are already being sent.
 *
 * @returns how many were replayed, how many failed, how many were skipped because their event has expired, and the
 *   position of the next call
 */
export function recoverNotifications(deps: RecoverDeps) {
  return async (input: RecoverInput): Promise<Recovery> => {
    const { organizationId, subscriptionId, since, statuses, dryRun, from } = input;
    const filter = { subscriptionIds: [subscriptionId], statuses, since };
    const isMeant = (each: Notification) => statuses.includes(each.status) && !isUnderWay(each);
    const { items, next } = await deps.notificationListing.list(organizationId, filter, maxPerCall, from);
    const meant = items.filter(isMeant);
    if (dryRun) return { count: meant.length, failed: 0, skipped: 0, next };
    const { result, failures, unsent, withoutEvent } = await replayAll(deps)(meant, isMeant);
    unsent.forEach(deps.reportError);
    return { count: result.length, failed: failures.length, skipped: withoutEvent, next };
  };
}
