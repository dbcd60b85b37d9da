import type { AuditKey } from "../audits/audit.ts";
import type { FeedEntry, FeedPosition } from "../events/feed-entry.ts";
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

/** An event as the targets of the deployment's owner get it. */
export interface OwnerEvent {
  organizationId: string;
  /** The audit, subscription or notification. FIFO targets keep the order of events with the same subject. */
  subjectId: string;
  /** `body` is sent unchanged, `at` is epoch milliseconds. */
  event: { id: string; type: string; at: number; body: string };
  /** Of a closed audit, if Kard gave one. */
  resolutionCode?: number | undefined;
}

/** A queue, an event bus or a topic that gets events. */
export interface EventTarget {
  /** The events that it gets; all if absent, also those that this version does not know. */
  eventNames?: readonly string[] | undefined;
  /**
   * @returns the error code of AWS if it refuses the event permanently
   * @throws if the event could not be sent now
   */
  send(event: OwnerEvent): Promise<{ refused?: string }>;
}

/** A target of the deployment's owner for events of all issuers. */
export interface OwnerTarget extends EventTarget {
  name: "queue" | "bus" | "topic";
}

/** The contact of an issuer: people who hear about the issuer's webhooks. `undefined` if the issuer has none. */
export type ContactOf = (organizationId: string) => EventTarget | undefined;

/** An event about an issuer's webhooks. */
export interface Announcement {
  organizationId: string;
  /** The id of the subscription or notification that it is about. */
  subjectId: string;
  /** The number of the event within its subject. */
  sequence: number;
  eventName: string;
  /** When it happened. */
  at: number;
  id: string;
  body: string;
  /** The subscription whose endpoint has the problem. It does not get the event. */
  aboutSubscriptionId: string;
  /** Where an earlier run has announced it. */
  announcedTo?: readonly string[] | undefined;
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
      eventNames?: readonly string[] | undefined;
    },
    size: number,
  ): Promise<{ entries: FeedEntry[]; isEnd: boolean; readTo?: FeedPosition }>;
}
