import type { ApiKey } from "./api-key.ts";
import type { Audit, AuditEvent, AuditKey, AuditStatus } from "./audit.ts";
import type { Delivery } from "./delivery.ts";
import type { IssuerShard } from "./lanes.ts";
import type { Attempt, Notification, NotificationKey, NotificationSeen } from "./notification.ts";
import type { Window } from "./poll-plan.ts";
import type { DeletedSubscription, Subscription, SubscriptionKey } from "./subscription.ts";

/** Milliseconds since the epoch, UTC. */
export type Clock = () => number;

/** The state that a conditional update relies on: it fails as `stale` if one of these has changed since it was read. */
export type AuditGuard = "status" | "sequence" | "laneAt" | "outboxAt" | "submitAttempts";

/** Audits, one at a time and always read consistently. */
export interface AuditStore {
  /** Stores a new audit, or hands back the one that has its id already. Its issuer is in the directory before it is. */
  create(audit: Audit): Promise<{ outcome: "created" } | { outcome: "exists"; existing: Audit }>;
  get(key: AuditKey): Promise<Audit | undefined>;
  /** Those of them that are there, in no order. */
  getAll(keys: readonly AuditKey[]): Promise<Audit[]>;
  /** Writes what differs between the two in one update, which fails as `stale` where a guarded value has changed. */
  update(before: Audit, after: Audit, guards: readonly AuditGuard[]): Promise<"done" | "stale">;
}

/**
 * Which audit each of Kard's audit ids belongs to, always read consistently. An id belongs to one audit of one issuer
 * at most, whatever happens at once: issuers that share a Kard credential cannot both track it.
 */
export interface KardAuditIds {
  find(kardAuditId: string): Promise<AuditKey | undefined>;
  /** Gives an id to an audit, unless it belongs to another. Repeating it changes nothing. @returns whose it is now */
  claim(kardAuditId: string, key: AuditKey): Promise<AuditKey>;
}

/** Forgets audits before their time. The functions may not: it is for the operator. */
export interface AuditRemoval {
  /**
   * Deletes an audit with all that hangs on it, whether or not the audit itself is there still, and that its Kard id is
   * its own. The audit goes last, so that what an interruption leaves is found by it.
   *
   * @returns how many rows that were
   */
  remove(key: AuditKey): Promise<number>;
}

/** A page of a list, newest first, and where the next one begins. */
export interface Page<Item> {
  items: Item[];
  next: PagePosition | undefined;
}

/** The last row that a page looked at: its sort time and its id. */
export interface PagePosition {
  at: number;
  id: string;
}

/** What a list of audits is narrowed to. Created at `since` or later and before `before`, in epoch milliseconds. */
export interface AuditFilter {
  status?: AuditStatus | undefined;
  userId?: string | undefined;
  transactionId?: string | undefined;
  since?: number | undefined;
  before?: number | undefined;
}

export interface AuditListing {
  /** May bring fewer than `size` although there are more: what one request reads is bounded, `next` goes on. */
  list(organizationId: string, filter: AuditFilter, size: number, from?: PagePosition): Promise<Page<Audit>>;
}

/** A row of a lane: enough to poll an audit without reading it. */
export interface LaneRow extends AuditKey {
  laneAt: number;
  kardAuditId: string | undefined;
  status: AuditStatus;
}

/**
 * A page of a lane, longest waiting first. `next` is where the following one begins; only its absence says that this
 * one was the last, since what one request reads is bounded.
 */
export interface LanePage<Row, Position = Row> {
  rows: Row[];
  next: Position | undefined;
}

/** A page of audits in a lane. A row that cannot be read is left out of `rows`: `errors` says why. */
export interface AuditLanePage extends LanePage<LaneRow, LanePosition> {
  errors: readonly unknown[];
}

/** The lanes of audits, as an index that may lag behind the audits themselves. */
export interface AuditLanes {
  oldestOpen(of: IssuerShard): Promise<number | undefined>;
  /** Open audits accepted in a window, oldest first; `after` is a position inside that window. */
  open(of: IssuerShard, window: Window, after: LanePosition | undefined, limit: number): Promise<AuditLanePage>;
  /** Audits of a lane whose time has come. */
  due(
    lane: "SUBMIT" | "RECHECK",
    of: IssuerShard,
    now: number,
    limit: number,
    after?: LanePosition,
  ): Promise<AuditLanePage>;
  /** Puts off an audit that cannot even be read, unless its place in the lane has changed. */
  postpone(lane: "SUBMIT" | "RECHECK", row: LanePosition, laneAt: number): Promise<void>;
}

/** A place in a lane: between the row with this time and audit, and the next. */
export interface LanePosition extends AuditKey {
  laneAt: number;
}

/** The issuers that have, or have had, audits: whose lanes and outbox there are to look through. */
export interface IssuerDirectory {
  /** Adds an issuer; one that is there stays as it is. */
  add(organizationId: string): Promise<void>;
  /** All of them. */
  list(): Promise<string[]>;
}

/** An audit in the outbox, and since when it is due. */
export interface OutboxRow extends AuditKey {
  outboxAt: number;
}

/** Audits with events that somebody may still be owed, as an index that may lag behind the audits themselves. */
export interface OutboxIndex {
  /** Those whose time has come. */
  due(of: IssuerShard, now: number, limit: number, after?: OutboxRow): Promise<LanePage<OutboxRow>>;
}

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

export interface ApiKeyStore {
  /** As it stands: a key that has been revoked is never read as it was before. */
  get(keyId: string): Promise<ApiKey | undefined>;
  /** @throws if there is such a key already */
  create(apiKey: ApiKey): Promise<void>;
  /** All keys ever made. */
  list(): Promise<ApiKey[]>;
  /** Has a key end at a time (epoch milliseconds), if it would not end earlier. */
  expire(keyId: string, validUntil: number): Promise<"done" | "missing">;
  /** Ends a key at once; when that was is kept from the first time. */
  revoke(keyId: string, now: number): Promise<"done" | "missing">;
  /** Notes the day (UTC, YYYY-MM-DD) of a use, unless that day or a later one is noted. */
  noteUse(keyId: string, day: string): Promise<void>;
}

/** How many requests callers have made in a span of time, added up over all environments of the functions. */
export interface RequestCounts {
  /**
   * Adds requests of a caller in a window and gives the sum.
   *
   * @param forgetAt when nobody asks for it any more, in epoch milliseconds
   */
  add(callerId: string, window: number, requests: number, forgetAt: number): Promise<number>;
}

/** Lets work go on beside a request: it has ended before the request's function may freeze, and fails on its own. */
export type Beside = (work: Promise<unknown>) => void;

/** Takes an error that ends nothing: whoever meets it goes on, and a later run finishes the work. */
export type ReportError = (error: unknown) => void;

/** The deployment owner's queue of resolutions. */
export interface ResolutionsQueue {
  /**
   * @returns SQS's code where it refuses the message for good
   * @throws when it could not be sent now
   */
  send(resolved: { audit: Audit; event: AuditEvent }): Promise<{ refused?: string }>;
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
