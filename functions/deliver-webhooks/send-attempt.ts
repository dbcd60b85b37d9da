import type { EventSender, OutgoingEvent, SendOutcome } from "../core/notifications/ports.ts";
import type { Clock } from "../core/shared/ports.ts";
import { markSlow, slowAfterMs } from "../core/subscriptions/endpoint-health.ts";
import type { SubscriptionStore } from "../core/subscriptions/ports.ts";
import type { Subscription } from "../core/subscriptions/subscription.ts";
import { type RecordEndpointHealthDeps, recordEndpointHealth } from "./record-endpoint-health.ts";

export interface SendDeps extends RecordEndpointHealthDeps {
  subscriptions: Pick<SubscriptionStore, "get" | "update">;
  sender: EventSender;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
}

/**
 * Makes one attempt. It never throws: an error of the sender counts as a failed attempt, so it is recorded and retried.
 */
export function sendAttempt(deps: SendDeps) {
  return async (subscription: Subscription, event: OutgoingEvent): Promise<SendOutcome> => {
    const at = deps.clock();
    try {
      return await recordingSlowness(deps, subscription, deps.sender.send(subscription, event));
    } catch (error) {
      deps.report("an attempt threw", error);
      const attempt = { at, ms: deps.clock() - at, error: "internal-error" };
      return { attempt, delivered: false, retryAfterMs: undefined, response: "" };
    }
  };
}

/**
 * Waits for the response. A slow endpoint is marked while the response is awaited, because until then other workers
 * wait for it, too.
 */
async function recordingSlowness(
  deps: SendDeps,
  subscription: Subscription,
  answering: Promise<SendOutcome>,
): Promise<SendOutcome> {
  const found = (stored: Subscription) => markSlow(stored, deps.clock());
  let isAnswered = false;
  let noting: Promise<unknown> | undefined;
  deps
    .sleep(slowAfterMs)
    .then(() => {
      if (!isAnswered && found(subscription) !== undefined) noting = recordEndpointHealth(deps)(subscription, found);
    })
    // Nobody awaits this promise, and an unhandled rejection would end the process.
    .catch((error: unknown) => deps.report("slowness was not recorded", error));
  try {
    return await answering;
  } finally {
    isAnswered = true;
    await noting;
  }
}
