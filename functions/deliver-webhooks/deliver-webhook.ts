import type { Delivery } from "../core/notifications/delivery.ts";
import { completed, held } from "../core/notifications/notification.ts";
import type { OutgoingEvent } from "../core/notifications/ports.ts";
import type { Subscription } from "../core/subscriptions/subscription.ts";
import { type DecideDeps, type DeliverySource, decideDelivery, type Pending } from "./decide-delivery.ts";
import { awaitTurn, deferDelivery, rerouteDelivery } from "./postpone-delivery.ts";
import { type RecordDeps, type Recorded, recordAttempt, recordInterruption } from "./record-attempt.ts";
import { type SendDeps, sendAttempt } from "./send-attempt.ts";
import { maxLateMs } from "./slot-of-delivery.ts";

export type DeliverDeps = DecideDeps &
  SendDeps &
  RecordDeps & { notifications: DecideDeps["notifications"] & RecordDeps["notifications"] };

export type DeliverResult = Recorded | { result: "deferred" | "rerouted" };

/**
 * Processes one delivery: decides, makes one attempt, and records the result. A message may arrive twice, so a receiver
 * may get an event twice with the same id, but the result is stored once.
 *
 * @throws what the stores and queues throw, and if no webhook can be sent at all
 */
export function deliverWebhook(deps: DeliverDeps) {
  const decide = decideDelivery(deps);

  const send = async (
    subscription: Subscription,
    delivery: Delivery,
    pending: Pending,
    redelivered: boolean,
    slotAt?: number,
  ): Promise<DeliverResult | "late"> => {
    // If this throws, no attempt is made or recorded, and the message returns to its queue.
    await deps.sender.prepare(subscription);
    if (slotAt !== undefined) {
      if (slotAt > deps.clock()) await deps.sleep(slotAt - deps.clock());
      if (deps.clock() > slotAt + maxLateMs) return "late";
    }
    const before = redelivered ? await recordInterruption(deps)(subscription, delivery, pending) : pending;
    if ("result" in before) return before;
    const { attemptCount, createdAt } = before.notification;
    const sent = await sendAttempt(deps)(subscription, outgoingEvent(delivery, createdAt));
    return recordAttempt(deps)(subscription, { ...delivery, attemptCount }, before, sent);
  };

  return async function deliver(
    delivery: Delivery,
    source: DeliverySource = { route: "standard", redelivered: false },
  ): Promise<DeliverResult> {
    const decided = await decide(delivery, source);
    switch (decided.decision) {
      case "skip":
        return { result: "skipped" };
      case "fail": {
        // Otherwise a notification of a deleted subscription would be sent forever.
        const { notification, seen } = decided.pending;
        await deps.notifications.put(completed(notification, "delivery_failed", "subscription-deleted"), seen);
        return { result: "skipped" };
      }
      case "hold": {
        const { eventId: id, body } = delivery;
        const { notification, seen } = decided.pending;
        // If the subscription was deleted meanwhile, the sweep fails its held notifications.
        await deps.notifications.put(held(notification, { id, body }, deps.clock()), seen);
        return { result: "held" };
      }
      case "defer": {
        const { subscription, pending, untilMs } = decided;
        const written = await deferDelivery(deps)(subscription, delivery, pending, untilMs);
        return { result: written === "done" ? "deferred" : "skipped" };
      }
      case "reroute": {
        const written = await rerouteDelivery(deps)(decided.subscription, delivery, decided.pending);
        return { result: written === "done" ? "rerouted" : "skipped" };
      }
      case "await-turn": {
        const written = await awaitTurn(deps)(delivery, decided.pending, decided.turnAt);
        return { result: written === "done" ? "deferred" : "skipped" };
      }
      case "send": {
        const { subscription, pending, slotAt } = decided;
        const sent = await send(subscription, delivery, pending, source.redelivered, slotAt);
        return sent === "late" ? deliver(delivery, source) : sent;
      }
    }
  };
}

function outgoingEvent({ eventId, eventName, auditId, body }: Delivery, at: number): OutgoingEvent {
  return { id: eventId, type: eventName, subjectId: auditId, at, body };
}
