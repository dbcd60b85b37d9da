import type { FeedEntry, FeedPosition } from "../../../functions/core/events/feed-entry.ts";
import type { EventFeed } from "../../../functions/core/publishing/ports.ts";
import { byName } from "./state.ts";

const order = (one: FeedPosition, other: FeedPosition) =>
  one.at - other.at || byName(one.auditId, other.auditId) || one.sequence - other.sequence;

/** The feeds of events in memory. */
export function memoryEventFeed(): EventFeed & { entries: { organizationId: string; entry: FeedEntry }[] } {
  const entries: { organizationId: string; entry: FeedEntry }[] = [];
  return {
    entries,
    async append(organizationId, entry) {
      entries.push({ organizationId, entry });
    },
    async read(organizationId, { after, since, until, eventNames }, size) {
      const matching = entries
        .filter((one) => one.organizationId === organizationId)
        .map(({ entry }) => entry)
        .filter((entry) => (after === undefined ? entry.at >= since : order(entry, after) > 0) && entry.at < until)
        .filter(({ eventName }) => eventNames?.includes(eventName) !== false)
        .sort(order);
      return { entries: matching.slice(0, size), isEnd: matching.length <= size };
    },
  };
}
