import pMap from "p-map";
import { failHeld, type HeldPage, type ReleaseDeps, releaseHeld } from "../core/notifications/held-notifications.ts";
import type { DeliveryRow } from "../core/notifications/ports.ts";
import type { AnnounceDeps } from "../core/publishing/announce-event.ts";
import { announceHealth } from "../core/publishing/announce-health.ts";
import { leaveOutbox } from "../core/subscriptions/change-subscription.ts";
import type { SubscriptionOutbox, SubscriptionOutboxRow, SubscriptionStore } from "../core/subscriptions/ports.ts";
import type { DeletedSubscription, Subscription, SubscriptionKey } from "../core/subscriptions/subscription.ts";

export interface SweepSubscriptionsDeps extends AnnounceDeps, ReleaseDeps {
  notifications: AnnounceDeps["notifications"] & ReleaseDeps["notifications"];
  subscriptions: Pick<SubscriptionStore, "get" | "list" | "update">;
  subscriptionOutbox: SubscriptionOutbox;
}

/** A subscription to process, and the position in its held notifications. */
interface Turn {
  key: SubscriptionKey;
  after: DeliveryRow | undefined;
}

const rowsPerPage = 100;
const subscriptionsAtOnce = 5;

/**
 * How long a worker may still hold notifications for a deleted subscription, in milliseconds: its function's timeout,
 * and the two seconds that subscriptions are cached.
 */
const deletionGraceMs = 3 * 60_000;

/**
 * Announces events about subscriptions, and completes the work after enabling, disabling or deleting them.
 * Subscriptions take turns, one page of held notifications per turn, so a large or failing one does not delay others.
 *
 * @param stopAt nothing new starts after this time (epoch milliseconds); the next sweep continues
 * @returns the errors; failed subscriptions stay in the outbox
 */
export function sweepSubscriptions(deps: SweepSubscriptionsDeps) {
  return async (stopAt: number): Promise<{ failures: unknown[] }> => {
    const failures: unknown[] = [];
    const turnsLeft = async (turn: Turn): Promise<Turn[]> => {
      if (deps.clock() >= stopAt) return [];
      try {
        const page = await takeTurn(deps, turn);
        failures.push(...(page?.failures ?? []));
        return page?.next === undefined ? [] : [{ key: turn.key, after: page.next }];
      } catch (error) {
        failures.push(error);
        return [];
      }
    };
    let turns = (await allDue(deps, stopAt)).map((key): Turn => ({ key, after: undefined }));
    while (turns.length > 0) turns = (await pMap(turns, turnsLeft, { concurrency: subscriptionsAtOnce })).flat();
    return { failures };
  };
}

async function allDue(deps: SweepSubscriptionsDeps, stopAt: number): Promise<SubscriptionKey[]> {
  const due: SubscriptionKey[] = [];
  let after: SubscriptionOutboxRow | undefined;
  do {
    const page = await deps.subscriptionOutbox.due(deps.clock(), rowsPerPage, after);
    due.push(...page.rows);
    after = page.next;
  } while (after !== undefined && deps.clock() < stopAt);
  return due;
}

async function takeTurn(deps: SweepSubscriptionsDeps, { key, after }: Turn): Promise<HeldPage | undefined> {
  const subscription = await deps.subscriptionOutbox.get(key);
  if (subscription?.outboxAt === undefined || subscription.outboxAt > deps.clock()) return undefined;
  if ("deletedAt" in subscription) {
    const page = await failHeld(deps)(key, after);
    if (isEmpty(page, after)) await settleDeleted(deps, subscription);
    return page;
  }
  const failures = after === undefined ? await announce(deps, subscription) : [];
  if (!subscription.enabled) return { found: 0, next: undefined, failures };
  const page = await releaseHeld(deps)(key, after);
  // By now no worker holds notifications because of an outdated subscription.
  if (isEmpty(page, after)) await leaveOutbox(deps.subscriptions, subscription);
  return { ...page, failures: [...failures, ...page.failures] };
}

/** Announces a subscription's events. A failure does not keep the held notifications waiting. */
async function announce(deps: SweepSubscriptionsDeps, subscription: Subscription): Promise<unknown[]> {
  if (subscription.events === undefined && subscription.enabled) return [];
  try {
    await announceHealth(deps)(subscription);
    return [];
  } catch (error) {
    return [error];
  }
}

/** Whether nothing was held. After a page with rows, the next sweep checks again. */
function isEmpty({ found }: HeldPage, after: DeliveryRow | undefined): boolean {
  return found === 0 && after === undefined;
}

async function settleDeleted(deps: SweepSubscriptionsDeps, deleted: DeletedSubscription): Promise<void> {
  const removableAt = deleted.deletedAt + deletionGraceMs;
  if (deps.clock() < removableAt) await deps.subscriptionOutbox.postpone({ ...deleted, outboxAt: removableAt });
  else await deps.subscriptionOutbox.remove(deleted);
}
