import type { AuditKey } from "../audits/audit.ts";
import type { IssuerShard } from "../shared/lanes.ts";
import type { LanePage, Page, PagePosition } from "../shared/ports.ts";
import type { Attempt } from "../subscriptions/attempt.ts";
import type { Subscription, SubscriptionKey } from "../subscriptions/subscription.ts";
import type { Delivery } from "./delivery.ts";
import type { Notification, NotificationKey, NotificationSeen } from "./notification.ts";

export interface NotificationStore {
  get(key: NotificationKey): Promise<Notification | undefined>;
  /** Those of them that are on record, in no order. */
  getAll(keys: readonly NotificationKey[]): Promise<Notification[]>;
  listOfAudit(key: AuditKey): Promise<Notification[]>;
  /** Writes rows that nobody can have written before: it would overwrite them. */
  putNew(notifications: readonly Notification[]): Promise<void>;
  /** Records first attempts that succeeded, whatever was written before. Gives those that could not be recorded. */
  putDelivered(notifications: readonly Notification[]): Promise<Notification[]>;
  /** Writes a notification, unless it has moved on since it was `seen` (`undefined`: it must not be there). */
  put(notification: Notification, seen: NotificationSeen | undefined): Promise<"done" | "stale">;
}

/**
 * What a list of notifications is narrowed to. Of events at `since` or later and before `before`, in epoch
 * milliseconds.
 */
export interface NotificationFilter {
  statuses?: readonly Notification["status"][] | undefined;
  subscriptionId?: string | undefined;
  since?: number | undefined;
  before?: number | undefined;
}

export interface NotificationListing {
  /** May bring fewer than `size` although there are more: what one request reads is bounded, `next` goes on. */
  list(
    organizationId: string,
    filter: NotificationFilter,
    size: number,
    from?: PagePosition,
  ): Promise<Page<Notification>>;
}

/** Notifications that wait until their disabled subscription is enabled. */
export interface HeldNotifications {
  /** The longest held first. */
  list(of: SubscriptionKey, limit: number, after?: DeliveryRow): Promise<LanePage<DeliveryRow>>;
  /** How many there are, counted up to `max`. */
  count(of: SubscriptionKey, max: number): Promise<number>;
}

/** A notification in a lane, and since when it is due there. */
export interface DeliveryRow extends NotificationKey {
  laneAt: number;
}

/** Notifications that wait for their next attempt. */
export interface DeliveryLane {
  /** Those whose time has come. */
  due(of: IssuerShard, now: number, limit: number, after?: DeliveryRow): Promise<LanePage<DeliveryRow>>;
  /**
   * Puts a row that was sent off to `laneAt`, if it is still where it was seen. It keeps the event from then on: it may
   * wait for longer than its audit is kept.
   */
  postpone(row: DeliveryRow, laneAt: number, event: { id: string; body: string }): Promise<"done" | "stale">;
}

/** A message that SQS refuses whenever it is sent: its position among those that were sent, and SQS's code. */
export interface Refusal {
  position: number;
  code: string;
}

/** The queue of deliveries to be attempted. */
export interface DeliveriesQueue {
  /**
   * @param delaySeconds at most 900
   * @returns those that SQS refuses for good
   * @throws when others could not be sent now
   */
  send(deliveries: readonly Delivery[], delaySeconds?: number): Promise<Refusal[]>;
}

/** Sends one webhook and says what came of it; it never throws for anything a receiver does. */
export interface WebhookSender {
  post(
    subscription: Subscription,
    message: { id: string; body: string },
  ): Promise<{
    attempt: Attempt;
    delivered: boolean;
    retryAfterMs: number | undefined;
    /** The beginning of the answer's body; nothing where the subscription has headers, which it may echo. */
    answer: string;
  }>;
}
