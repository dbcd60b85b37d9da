import type { HeldNotifications } from "./ports.ts";
import { type ReplayDeps, replayNotification } from "./replay-notification.ts";
import type { SubscriptionKey } from "./subscription.ts";

export interface ReleaseDeps extends ReplayDeps {
  heldNotifications: HeldNotifications;
}

/** How many held notifications one run sends. */
const mostReleased = 200;

/** Sends what was held for a subscription, the longest held first; gives how many that were. */
export function releaseHeld(deps: ReleaseDeps) {
  return async (subscription: SubscriptionKey): Promise<number> => {
    let released = 0;
    for (const key of await deps.heldNotifications.list(subscription, mostReleased)) {
      if ((await replayNotification(deps)(key, ({ status }) => status === "held")) !== undefined) released++;
    }
    return released;
  };
}
