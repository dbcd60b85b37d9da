import type { z } from "zod";
import type { Audit } from "../../core/audits/audit.ts";
import { eventKey } from "../../core/audits/change-audit.ts";
import type { AuditStore } from "../../core/audits/ports.ts";
import { timestamp } from "../../core/events/events.ts";
import { feedSettlesAfterMs } from "../../core/publishing/event-feed.ts";
import type { EventFeed, FeedEntry, FeedPosition } from "../../core/publishing/ports.ts";
import type { Clock, PagePosition } from "../../core/shared/ports.ts";
import type { EventQuery } from "../event-input.ts";
import type { shownEvent } from "../event-shapes.ts";

export interface ListEventsDeps {
  feed: Pick<EventFeed, "read">;
  audits: Pick<AuditStore, "getAll">;
  clock: Clock;
}

/** A response of Lambda has at most 6 MB. JSON inside JSON grows by escaped quotes. */
const maxBodyBytes = 3_000_000;

/**
 * Reads a page of an issuer's event feed. It ends `feedSettlesAfterMs` before the present, so no event can appear
 * before one that was read. Events of erased audits are left out.
 *
 * @returns `next`: the position of the last entry that was looked at, also at the end of the feed
 */
export function listEvents({ feed, audits, clock }: ListEventsDeps) {
  return async (organizationId: string, { after, since, eventNames, size }: EventQuery) => {
    const until = clock() - feedSettlesAfterMs;
    const { entries, isEnd, readTo } = await feed.read(organizationId, { after, since, until, eventNames }, size);
    const ids = new Set(entries.filter(({ body }) => body === undefined).map(({ auditId }) => auditId));
    const found = await audits.getAll([...ids].map((auditId) => ({ organizationId, auditId })));
    const byId = new Map(found.map((audit) => [audit.auditId, audit]));
    const shown = entries.map((entry) => eventResource(entry, byId.get(entry.auditId)));
    const count = fitting(shown);
    const last = (count === entries.length ? readTo : undefined) ?? entries[count - 1] ?? after;
    return {
      events: shown.slice(0, count).flatMap((event) => event ?? []),
      hasNextPage: !isEnd || count < entries.length,
      next: last === undefined ? undefined : positionOf(last),
    };
  };
}

function eventResource(entry: FeedEntry, audit: Audit | undefined): z.infer<typeof shownEvent> | undefined {
  const body = entry.body ?? audit?.events[eventKey(entry.sequence)]?.body;
  if (body === undefined) return undefined;
  const { eventName, at } = entry;
  return { type: "event", id: entry.eventId, attributes: { eventName, publishedAt: timestamp(at), body } };
}

/** How many events fit into a response; at least one. */
function fitting(events: readonly ({ attributes: { body: string } } | undefined)[]): number {
  let bytes = 0;
  const tooMany = events.findIndex((event, position) => {
    bytes += event?.attributes.body.length ?? 0;
    return bytes > maxBodyBytes && position > 0;
  });
  return tooMany === -1 ? events.length : tooMany;
}

function positionOf({ at, auditId, sequence }: FeedPosition): PagePosition {
  return { at, id: `${sequence}:${auditId}` };
}
