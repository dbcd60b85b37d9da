import { setTimeout as sleep } from "node:timers/promises";
import { LRUCache } from "lru-cache";
import type * as z from "zod";
import type { listEventsQuery } from "../../functions/audits-api/event-input.ts";
import { eventFeed, type eventShape } from "../../functions/audits-api/event-shapes.ts";
import type { EventName } from "../../functions/core/events/events.ts";
import type { Api } from "./api.ts";
import { callOf, queryOf } from "./routes.ts";

export type EventResource = z.output<typeof eventShape>;

/** Unsettled events come with every page until they are two minutes old. Their ids are kept to drop repetitions. */
const rememberedIds = 50_000;

export interface StreamOptions {
  /** ISO 8601: events that were published at this time or later. */
  since: string;
  /** Default: all events. */
  eventNames?: readonly EventName[] | undefined;
  /** The pause between requests when there are no more events, in milliseconds. */
  everyMs: number;
  /** Ends the sequence when aborted. */
  stop: AbortSignal;
  /** Called after each response. */
  onPage?: () => void;
}

const route = "GET /v2/issuers/{organizationId}/events";

/** @throws Failure if the feed cannot be read */
export async function checkFeed(api: Api): Promise<void> {
  await api.ask(eventFeed, callOf(api, route, {}, queryOf<z.input<typeof listEventsQuery>>({ "page[size]": 1 })));
}

/**
 * Follows an issuer's event feed, live: each event once, in the order in which it was read, until `stop`.
 *
 * @throws Failure if the tracker refuses a request, or cannot be reached for longer than the retries of `api` take
 */
export async function* streamEvents(api: Api, options: StreamOptions): AsyncGenerator<EventResource> {
  const { since, eventNames, everyMs, stop, onPage } = options;
  const query = queryOf<z.input<typeof listEventsQuery>>({
    "page[recent]": "true",
    "page[size]": 200,
    "filter[after]": since,
    "filter[type]": eventNames?.join(","),
  });
  let { path } = callOf(api, route, {}, query);
  const seen = new LRUCache<string, true>({ max: rememberedIds });
  while (!stop.aborted) {
    const { data, meta, links } = await api.ask(eventFeed, { method: "GET", path, stop });
    onPage?.();
    for (const event of data) {
      if (stop.aborted) return;
      if (seen.has(event.id)) continue;
      seen.set(event.id, true);
      yield event;
    }
    path = links.next ?? path;
    if (!meta.hasNextPage) await sleep(everyMs, undefined, { signal: stop }).catch(() => undefined);
  }
}
