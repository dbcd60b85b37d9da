import type { LanePage } from "../shared/ports.ts";
import type { DeletedSubscription, Subscriber, Subscription, SubscriptionKey } from "./subscription.ts";

export interface SubscriptionStore {
  create(subscription: Subscription): Promise<void>;
  get(organizationId: string, subscriptionId: string): Promise<Subscription | undefined>;
  /**
   * What decides which events an issuer's subscriptions get. The number of subscriptions is limited. Options that a
   * newer version has added do not prevent this: the deliveries wait until the subscription can be read.
   */
  list(organizationId: string): Promise<Subscriber[]>;
  /** All subscriptions of an issuer in full. Unreadable ones are left out if the table reports them. */
  listInFull(organizationId: string): Promise<Subscription[]>;
  /** Writes a subscription; `stale` if its revision is not the one that was seen. */
  update(subscription: Subscription, seenRevision: number): Promise<"done" | "stale">;
  /**
   * Deletes a subscription with its secrets and headers. A `DeletedSubscription` stays in the outbox, due at `now`,
   * until the held notifications are marked as failed.
   */
  delete(organizationId: string, subscriptionId: string, now: number): Promise<"done" | "missing">;
}

/** A subscription in the outbox, and when it is due. */
export interface SubscriptionOutboxRow extends SubscriptionKey {
  outboxAt: number;
}

/** Subscriptions in the outbox, including deleted ones. */
export interface SubscriptionOutbox {
  due(now: number, limit: number, after?: SubscriptionOutboxRow): Promise<LanePage<SubscriptionOutboxRow>>;
  get(key: SubscriptionKey): Promise<Subscription | DeletedSubscription | undefined>;
  /** Moves a deleted subscription to its `outboxAt`. */
  postpone(deleted: DeletedSubscription): Promise<void>;
  /** Removes the row of a deleted subscription. */
  remove(deleted: DeletedSubscription): Promise<void>;
}
