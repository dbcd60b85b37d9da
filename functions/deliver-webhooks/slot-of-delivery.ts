import type { DeliveryRoute } from "../core/notifications/delivery.ts";
import type { Notification } from "../core/notifications/notification.ts";
import type { Clock } from "../core/shared/ports.ts";
import type { EndpointSlots, LimitedSubscription } from "../core/subscriptions/endpoint-slots.ts";

export interface SlotDeps {
  endpointSlots: EndpointSlots;
  clock: Clock;
  random: () => number;
  /** Called for errors that stop nothing. */
  report: (what: string, error: unknown) => void;
}

/** How late an attempt may be for its slot, in milliseconds. A later one would come too close to the next ones. */
export const maxLateMs = 100;

/** How long a worker waits for a slot, in milliseconds. Those of the queue of slow endpoints may wait longer. */
const aheadMs: Record<DeliveryRoute, number> = { standard: 100, slow: 2_000 };

/** How long a delivery waits if the schedule cannot be reached, or at most if its turn is full, in milliseconds. */
const withoutScheduleMs = 10_000;
const fullTurnMs = 20_000;

/** What follows from the rate of an endpoint. Times are epoch milliseconds. */
export type SlotDecision =
  | { decision: "send"; slotAt: number }
  | { decision: "await-turn"; turnAt: number }
  | { decision: "defer"; untilMs: number };

/**
 * Reserves a slot for an attempt to an endpoint with a maximum rate. Without one soon, the delivery gets a turn, and
 * waits for it in the queue of slow endpoints, so that others are not delayed. At its turn it asks again there.
 *
 * @param notification as it is stored; `nextAttemptAt` is its turn, if it has one
 */
export async function slotOf(
  deps: SlotDeps,
  subscription: LimitedSubscription,
  { nextAttemptAt }: Pick<Notification, "nextAttemptAt">,
  route: DeliveryRoute,
): Promise<SlotDecision> {
  const now = deps.clock();
  // The sweep sends a delivery before its turn.
  if (nextAttemptAt !== undefined && nextAttemptAt > now + aheadMs.slow)
    return { decision: "await-turn", turnAt: nextAttemptAt };
  try {
    const slotAt = await deps.endpointSlots.reserve(subscription, aheadMs[route]);
    if (slotAt !== undefined) return { decision: "send", slotAt };
    if (nextAttemptAt === undefined)
      return { decision: "await-turn", turnAt: await deps.endpointSlots.turn(subscription) };
    return { decision: "await-turn", turnAt: route === "standard" ? now : now + fullTurnMs * deps.random() };
  } catch (error) {
    deps.report("no slot could be reserved", error);
    return { decision: "defer", untilMs: now + withoutScheduleMs };
  }
}
