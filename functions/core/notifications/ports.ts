import type { AuditKey } from "../audits/audit.ts";
import type { IssuerFeedEntries } from "../events/feed-entry.ts";
import type { IssuerShard } from "../shared/lanes.ts";
import type { LanePage, Page, PagePosition } from "../shared/ports.ts";
import type { Attempt } from "../subscriptions/attempt.ts";
import type { Subscription, SubscriptionKey } from "../subscriptions/subscription.ts";
import type { Delivery } from "./delivery.ts";
import type { Notification, NotificationKey, NotificationSeen } from "./notification.ts";

export interface NotificationStore {
  get(key: NotificationKey): Promise<Notification | undefined>;
  /** The notifications that exist, in no order. */
  getAll(keys: readonly NotificationKey[]): Promise<Notification[]>;
  listOfAudit(key: AuditKey): Promise<Notification[]>;
  /**
   * Writes new rows unconditionally, together with entries of the issuer's feed. The caller knows that they do not
   * exist.
   *
   * @throws if one was not written
   */
  putNew(notifications: readonly Notification[], feed?: IssuerFeedEntries): Promise<void>;
  /** Records successful first attempts unconditionally. Returns those that could not be recorded. */
  putDelivered(notifications: readonly Notification[]): Promise<Notification[]>;
  /** Writes a notification if it is as it was `seen`; `undefined` means that it must not exist. */
  put(notification: Notification, seen: NotificationSeen | undefined): Promise<"done" | "stale">;
}

/**
 * Filters a list of notifications by the time of the event (`since` inclusive, `before` exclusive, in epoch
 * milliseconds) and fields.
 */
export interface NotificationFilter {
  statuses?: readonly Notification["status"][] | undefined;
  subscriptionIds?: readonly string[] | undefined;
  since?: number | undefined;
  before?: number | undefined;
}

export interface NotificationListing {
  /**
   * A page may have fewer than `size` notifications although more follow, because one request reads a bounded amount.
   */
  list(
    organizationId: string,
    filter: NotificationFilter,
    size: number,
    from?: PagePosition,
  ): Promise<Page<Notification>>;
}

/** A notification as the index of an issuer's notifications has it. */
export interface NotificationState extends NotificationKey {
  status: Notification["status"];
  createdAt: number;
}

/** The states of a subscription's notifications. The index may lag behind the notifications. */
export interface NotificationStates {
  /**
   * Reads the states of events at `since` or later, newest first. A read is bounded: `isComplete` is false if it ended
   * before the oldest.
   */
  read(
    of: SubscriptionKey,
    filter: { since: number; statuses?: readonly Notification["status"][] },
  ): Promise<{ states: NotificationState[]; isComplete: boolean }>;
}

/** Notifications that wait for their disabled subscription. */
export interface HeldNotifications {
  /** Oldest first. */
  list(of: SubscriptionKey, limit: number, after?: DeliveryRow): Promise<LanePage<DeliveryRow>>;
  /** Counts them, up to `max`. */
  count(of: SubscriptionKey, max: number): Promise<number>;
}

/** A notification in a lane, and when it is due. */
export interface DeliveryRow extends NotificationKey {
  laneAt: number;
}

/** Notifications that wait for their next attempt. */
export interface DeliveryLane {
  /** The notifications that are due at `now`. */
  due(of: IssuerShard, now: number, limit: number, after?: DeliveryRow): Promise<LanePage<DeliveryRow>>;
  /**
   * Moves a sent row to `laneAt` if it is where it was seen, with the time since when it has been due. Stores the event
   * on it: the row may outlive its audit.
   */
  postpone(
    row: DeliveryRow,
    to: { laneAt: number; dueSince: number; event: { id: string; body: string } },
  ): Promise<"done" | "stale">;
}

/** A message that SQS refuses permanently: its position among the sent ones, and the code of SQS. */
export interface Refusal {
  position: number;
  code: string;
}

export interface DeliveriesQueue {
  /**
   * @param delaySeconds at most 900
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
   * @returns the messages that SQS refuses permanently
   * @throws if others could not be sent now
   */
  send(deliveries: readonly Delivery[], delaySeconds?: number): Promise<Refusal[]>;
}

/** An event to send: its bytes, and what queues and buses need besides. */
export interface OutgoingEvent {
  id: string;
  type: string;
  /** The audit, subscription or notification that it is about. Events about one keep their order in a FIFO queue. */
  subjectId: string;
  /** When it happened. */
  at: number;
  body: string;
}

/** What came of sending an event. */
export interface SendOutcome {
  attempt: Attempt;
  delivered: boolean;
  retryAfterMs: number | undefined;
  /**
   * The start of the response body. Empty if the subscription has headers, because the receiver may echo them, and for
   * private receivers.
   */
  response: string;
}

/** Sends events to the endpoints of subscriptions. It never throws for anything that a receiver does. */
export interface EventSender {
  /** Reads what every event of a subscription needs. It throws if that fails: then none can be sent. */
  prepare(subscription: Subscription): Promise<void>;
  send(subscription: Subscription, event: OutgoingEvent): Promise<SendOutcome>;
}
