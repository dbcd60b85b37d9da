import { type AnnounceDeps, announceDisabled } from "../core/announce-disabled.ts";
import { changeSubscription } from "../core/change-subscription.ts";
import type { SubscriptionOutbox, SubscriptionStore } from "../core/ports.ts";
import { type ReleaseDeps, releaseHeld } from "../core/release-held.ts";
import type { Subscription } from "../core/subscription.ts";
import { settleGraceMs } from "../core/subscription-health.ts";

export interface SweepSubscriptionsDeps extends AnnounceDeps, ReleaseDeps {
  notifications: AnnounceDeps["notifications"] & ReleaseDeps["notifications"];
  subscriptions: Pick<SubscriptionStore, "get" | "list" | "update">;
  subscriptionOutbox: SubscriptionOutbox;
}

const mostSwept = 100;

/**
 * Finishes what enabling and disabling subscriptions has called for.
 *
 * @param stopAt epoch milliseconds after which nothing new is begun
 * @returns why some could not be finished: those stay in the outbox and keep nobody else waiting
 */
export function sweepSubscriptions(deps: SweepSubscriptionsDeps) {
  return async (stopAt: number): Promise<{ failures: unknown[] }> => {
    const failures: unknown[] = [];
    for (const { organizationId, subscriptionId } of await deps.subscriptionOutbox.due(deps.clock(), mostSwept)) {
      if (deps.clock() >= stopAt) break;
      try {
        const subscription = await deps.subscriptions.get(organizationId, subscriptionId);
        if (subscription !== undefined) await settle(deps, subscription);
      } catch (error) {
        failures.push(error);
      }
    }
    return { failures };
  };
}

/**
 * A subscription leaves the outbox once nothing was left to send: by then every worker that held something for it
 * while it was disabled has heard that it is enabled.
 */
async function settle(deps: SweepSubscriptionsDeps, subscription: Subscription): Promise<void> {
  const { outboxAt, enabled } = subscription;
  if (outboxAt === undefined || outboxAt > deps.clock()) return;
  const released = enabled ? await releaseHeld(deps)(subscription) : 0;
  if (!enabled) await announceDisabled(deps)(subscription);
  await changeSubscription(deps.subscriptions)(subscription, (stored) => {
    if (stored.outboxAt !== outboxAt) return undefined;
    const { outboxAt: _outboxAt, ...rest } = stored;
    return released === 0 ? rest : { ...rest, outboxAt: deps.clock() + settleGraceMs };
  });
}
