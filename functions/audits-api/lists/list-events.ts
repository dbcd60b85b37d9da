import type * as z from "zod";
import type { Scope } from "../../core/access/api-key.ts";
import type { Audit } from "../../core/audits/audit.ts";
import { eventKey } from "../../core/audits/change-audit.ts";
import type { AuditStore } from "../../core/audits/ports.ts";
import { isAuditEvent, timestamp } from "../../core/events/events.ts";
import type { FeedEntry, FeedPosition } from "../../core/events/feed-entry.ts";
import { feedSettlesAfterMs } from "../../core/publishing/event-feed.ts";
import type { EventFeed } from "../../core/publishing/ports.ts";
import type { Clock, PagePosition } from "../../core/shared/ports.ts";
import type { EventQuery } from "../event-input.ts";
import type { eventShape } from "../event-shapes.ts";
import { countThatFits } from "./response-size.ts";

export interface ListEventsDeps {
  feed: Pick<EventFeed, "read">;
  audits: Pick<AuditStore, "getAll">;
  clock: Clock;
}

/**
 * Reads a page of an issuer's event feed. It ends `feedSettlesAfterMs` before the present, so no event can appear
 * before one that was read. With `isRecent` it ends at the present, but `next` does not pass the settled entries.
 * Events of erased audits are left out, and events that the caller may not read.
 *
 * @param scopes those of the caller
 * @returns `next`: the position of the last settled entry that was looked at, also at the end of the feed
 */
export function listEvents({ feed, audits, clock }: ListEventsDeps) {
  return async (organizationId: string, query: EventQuery, scopes: readonly Scope[]) => {
    const { after, since, isRecent, eventNames, size } = query;
    const now = clock();
    const settledUntil = now - feedSettlesAfterMs;
    const until = isRecent ? now : settledUntil;
    const { entries, isEnd, readTo } = await feed.read(organizationId, { after, since, until, eventNames }, size);
    const ids = new Set(entries.filter(({ body }) => body === undefined).map(({ auditId }) => auditId));
    const found = await audits.getAll([...ids].map((auditId) => ({ organizationId, auditId })));
    const byId = new Map(found.map((audit) => [audit.auditId, audit]));
    const shown = entries.map((entry) =>
      isReadable(entry, scopes) ? eventResource(entry, byId.get(entry.auditId)) : undefined,
    );
    const count = countThatFits(shown);
    const isSettled = ({ at }: FeedPosition) => at < settledUntil;
    const last = (count === entries.length ? readTo : undefined) ?? entries[count - 1] ?? after;
    const hasOnlySettled = last === undefined || last === after || isSettled(last);
    const next = hasOnlySettled ? last : (entries.slice(0, count).findLast(isSettled) ?? after);
    return {
      events: shown.slice(0, count).flatMap((event) => event ?? []),
      hasNextPage: hasOnlySettled && (!isEnd || count < entries.length),
      next: next && positionOf(next),
    };
  };
}

/** Events about webhooks have their URLs, which only callers who may read subscriptions get. */
function isReadable({ eventName }: FeedEntry, scopes: readonly Scope[]): boolean {
  return isAuditEvent(eventName) || scopes.includes("notifications:read");
}

function eventResource(entry: FeedEntry, audit: Audit | undefined): z.infer<typeof eventShape> | undefined {
  const body = entry.body ?? audit?.events[eventKey(entry.sequence)]?.body;
  if (body === undefined) return undefined;
  const { eventName, at } = entry;
  return { type: "event", id: entry.eventId, attributes: { eventName, publishedAt: timestamp(at), body } };
}

function positionOf({ at, auditId, sequence }: FeedPosition): PagePosition {
  return { at, id: `${sequence}:${auditId}` };
}
