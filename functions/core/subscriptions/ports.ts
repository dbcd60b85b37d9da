import type { LanePage } from "../shared/ports.ts";
import type { DeletedSubscription, Subscription, SubscriptionKey } from "./subscription.ts";

export interface SubscriptionStore {
  create(subscription: Subscription): Promise<void>;
  get(organizationId: string, subscriptionId: string): Promise<Subscription | undefined>;
  /** All of an issuer's subscriptions: their number is capped. */
  list(organizationId: string): Promise<Subscription[]>;
  /** Writes a subscription, unless its revision is no longer the one that was seen. */
  update(subscription: Subscription, seenRevision: number): Promise<"done" | "stale">;
  /**
   * Deletes a subscription with its secrets and headers. A `DeletedSubscription` is left in the outbox, due at `now`,
   * until what is held for it has been given up.
   */
  delete(organizationId: string, subscriptionId: string, now: number): Promise<"done" | "missing">;
}

/** A subscription in the outbox, and since when it is due. */
export interface SubscriptionOutboxRow extends SubscriptionKey {
  outboxAt: number;
}

/** Subscriptions whose outbox is due, deleted ones too. */
export interface SubscriptionOutbox {
  due(now: number, limit: number, after?: SubscriptionOutboxRow): Promise<LanePage<SubscriptionOutboxRow>>;
  get(key: SubscriptionKey): Promise<Subscription | DeletedSubscription | undefined>;
  /** Puts a deleted one off to its `outboxAt`. */
  postpone(deleted: DeletedSubscription): Promise<void>;
  /** Removes what was left of a deleted one. */
  remove(deleted: DeletedSubscription): Promise<void>;
}
