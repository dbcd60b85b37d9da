import pMap from "p-map";
import { failHeld } from "../core/notifications/fail-held.ts";
import type { DeliveryRow } from "../core/notifications/ports.ts";
import { type HeldPage, type ReleaseDeps, releaseHeld } from "../core/notifications/release-held.ts";
import { type AnnounceDeps, announceDisabled } from "../core/publishing/announce-disabled.ts";
import { changeSubscription } from "../core/subscriptions/change-subscription.ts";
import type { SubscriptionOutbox, SubscriptionOutboxRow, SubscriptionStore } from "../core/subscriptions/ports.ts";
import type { DeletedSubscription, Subscription, SubscriptionKey } from "../core/subscriptions/subscription.ts";

export interface SweepSubscriptionsDeps extends AnnounceDeps, ReleaseDeps {
  notifications: AnnounceDeps["notifications"] & ReleaseDeps["notifications"];
  subscriptions: Pick<SubscriptionStore, "get" | "list" | "update">;
  subscriptionOutbox: SubscriptionOutbox;
}

/** A subscription of this sweep, and how far its held notifications have been gone through. */
interface Turn {
  key: SubscriptionKey;
  after: DeliveryRow | undefined;
}

const rowsPerPage = 100;
const subscriptionsAtOnce = 5;

/**
 * A worker that has read a subscription before it was deleted may hold something for it for so long: its function's
 * timeout, and the two seconds for which subscriptions are cached.
 */
const deletionGraceMs = 3 * 60_000;

/**
 * Finishes what enabling, disabling and deleting subscriptions has called for, in turns of a page of held notifications
 * each: neither one that has many nor one that cannot be worked on keeps the others waiting.
 *
 * @param stopAt epoch milliseconds after which nothing new is begun; the next sweep goes on
 * @returns why some could not be finished: those stay in the outbox
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
  if (!subscription.enabled) {
    await announceDisabled(deps)(subscription);
    await leaveOutbox(deps, subscription);
    return undefined;
  }
  const page = await releaseHeld(deps)(key, after);
  // By now every worker that held something while it was disabled has heard that it is enabled.
  if (isEmpty(page, after)) await leaveOutbox(deps, subscription);
  return page;
}

/** Whether nothing was held. Of what a sweep has found, the next one looks whether it is gone. */
function isEmpty({ found }: HeldPage, after: DeliveryRow | undefined): boolean {
  return found === 0 && after === undefined;
}

async function leaveOutbox(deps: SweepSubscriptionsDeps, { outboxAt, ...key }: Subscription): Promise<void> {
  await changeSubscription(deps.subscriptions)(key, (stored) => {
    if (stored.outboxAt !== outboxAt) return undefined;
    const { outboxAt: _outboxAt, ...rest } = stored;
    return rest;
  });
}

async function settleDeleted(deps: SweepSubscriptionsDeps, deleted: DeletedSubscription): Promise<void> {
  const removableAt = deleted.deletedAt + deletionGraceMs;
  if (deps.clock() < removableAt) await deps.subscriptionOutbox.postpone({ ...deleted, outboxAt: removableAt });
  else await deps.subscriptionOutbox.remove(deleted);
}
