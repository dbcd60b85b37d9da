import type { Audit, AuditEvent } from "../audits/audit.ts";
import type { NumberedEvent } from "../audits/change-audit.ts";
import type { FeedEntry } from "../events/feed-entry.ts";
import type { Clock } from "../shared/ports.ts";
import type { EventFeed } from "./ports.ts";

export interface FeedDeps {
  feed: Pick<EventFeed, "append">;
  clock: Clock;
}

/**
 * How long after its time an entry may still be written, in milliseconds. An entry gets its time just before it is
 * written, by a function that ends within 60 seconds; the rest allows for clock differences. A reader that stays this
 * far behind the present sees all entries.
 */
export const feedSettlesAfterMs = 120_000;

/** The entries of an audit's events that are not in the feed yet, at the present time. */
export function newEntries({ auditId }: Audit, events: readonly NumberedEvent[], at: number): FeedEntry[] {
  const missing = events.filter(({ event }) => event.feedAt === undefined);
  return missing.map(({ sequence, event }) => ({ at, auditId, sequence, eventId: event.id, eventName: event.type }));
}

/**
 * Appends an audit's events to the issuer's feed, at the present time. If it is interrupted before the mark is stored,
 * the event is appended again. Readers deduplicate by event id.
 *
 * @returns the marks of the events
 */
export async function appendToFeed(
  { feed, clock }: FeedDeps,
  audit: Audit,
  events: readonly NumberedEvent[],
): Promise<Map<number, Partial<AuditEvent>>> {
  const marks = new Map<number, Partial<AuditEvent>>();
  for (const event of events) {
    for (const entry of newEntries(audit, [event], clock())) {
      await feed.append(audit.organizationId, entry);
      marks.set(entry.sequence, { feedAt: entry.at });
    }
  }
  return marks;
}
