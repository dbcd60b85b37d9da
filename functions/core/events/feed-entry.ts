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
  eventName: string;
  /** For an event without an audit. */
  body?: string | undefined;
}

/** New entries of an issuer's feed. */
export interface IssuerFeedEntries {
  organizationId: string;
  entries: readonly FeedEntry[];
}
