import type { Audit, AuditEvent, AuditKey } from "../audits/audit.ts";
import type { EventName } from "../events/events.ts";
import type { IssuerShard } from "../shared/lanes.ts";
import type { LanePage } from "../shared/ports.ts";

/** An audit in the outbox, and when it is due. */
export interface OutboxRow extends AuditKey {
  outboxAt: number;
}

/** Audits with events to publish. The index may lag behind the audits. */
export interface OutboxIndex {
  /** The audits that are due at `now`. */
  due(of: IssuerShard, now: number, limit: number, after?: OutboxRow): Promise<LanePage<OutboxRow>>;
}

/** The deployment owner's queue of resolutions. */
export interface ResolutionsQueue {
  /**
   * @returns the code of SQS if it refuses the message permanently
   * @throws if the message could not be sent now
   */
  send(resolved: { audit: Audit; event: AuditEvent }): Promise<{ refused?: string }>;
}

/** A position in an issuer's feed. Entries with equal times are ordered by audit. */
export interface FeedPosition {
  /** Epoch milliseconds. */
  at: number;
  /** The audit, or the subscription if the event has no audit. */
  auditId: string;
  sequence: number;
}

/** An event in an issuer's feed. */
export interface FeedEntry extends FeedPosition {
  eventId: string;
  eventName: EventName;
  /** For an event without an audit. */
  body?: string | undefined;
}

/** All events of each issuer, in the order of publication. Reads are strongly consistent. */
export interface EventFeed {
  append(organizationId: string, entry: FeedEntry): Promise<void>;
  /**
   * Reads entries after `after`, or from `since`, and before `until`. A page may be short although more follow. Then
   * `readTo` is the position that was reached.
   */
  read(
    organizationId: string,
    range: {
      after?: FeedPosition | undefined;
      since: number;
      until: number;
      eventNames?: readonly EventName[] | undefined;
    },
    size: number,
  ): Promise<{ entries: FeedEntry[]; isEnd: boolean; readTo?: FeedPosition }>;
}
