import type { NotificationKey } from "../core/notifications/notification.ts";
import type { NotificationStates } from "../core/notifications/ports.ts";
import type { AnnounceDeps } from "../core/publishing/announce-event.ts";
import { announceHealth } from "../core/publishing/announce-health.ts";
import type { SubscriptionChange } from "../core/subscriptions/change-subscription.ts";
import type { HealthInput } from "../core/subscriptions/endpoint-health.ts";
import { eventCountOf } from "../core/subscriptions/health-event.ts";
import type { Subscription } from "../core/subscriptions/subscription.ts";
import { type RecordEndpointHealthDeps, recordEndpointHealth } from "./record-endpoint-health.ts";

export type ChangeHealthDeps = AnnounceDeps &
  RecordEndpointHealthDeps & { notificationStates: Pick<NotificationStates, "read"> };

/**
 * Records an attempt's effect on its endpoint's health.
 *
 * @param after the subscription after the attempt, or `undefined` if nothing changes
 * @param delivered the notification that was just delivered, if its outcome is not stored yet
 * @returns the stored subscription and whether this call changed it; `undefined` if it is gone or the write failed
 */
export async function changeHealth(
  deps: ChangeHealthDeps,
  subscription: Subscription,
  input: HealthInput,
  after: (stored: Subscription, input: HealthInput) => Subscription | undefined,
  delivered?: NotificationKey,
): Promise<SubscriptionChange | undefined> {
  const hasEvent = (after(subscription, input)?.eventCount ?? 0) > eventCountOf(subscription);
  const owed = hasEvent ? await countOwed(deps, subscription, delivered) : undefined;
  return recordEndpointHealth(deps)(subscription, (stored) => after(stored, { ...input, owed }));
}

/** Announces the events of a change. If that fails, the sweep announces them. */
export async function announceChange(deps: ChangeHealthDeps, change: SubscriptionChange | undefined): Promise<void> {
  if (change?.changed !== true || change.subscription.events === undefined) return;
  await announceHealth(deps)(change.subscription).catch((error: unknown) =>
    deps.report("an endpoint's health was not announced", error),
  );
}

/** Counts what waits for an endpoint, from an index that may lag behind by a moment. */
async function countOwed(
  deps: ChangeHealthDeps,
  subscription: Subscription,
  delivered: NotificationKey | undefined,
): Promise<number | undefined> {
  try {
    const { states } = await deps.notificationStates.read(subscription, { since: 0, statuses: ["pending", "held"] });
    const isOwed = ({ auditId, sequence }: NotificationKey) =>
      auditId !== delivered?.auditId || sequence !== delivered.sequence;
    return states.filter(isOwed).length;
  } catch (error) {
    deps.report("what waits for an endpoint was not counted", error);
    return undefined;
  }
}
