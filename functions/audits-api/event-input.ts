import * as z from "zod";
import { eventName } from "../core/events/events.ts";
import type { FeedPosition } from "../core/events/feed-entry.ts";
import { pageSize, queryTime, severalNames } from "../core/shared/list-query.ts";
import { pageAfter } from "../core/shared/page-token.ts";

const entryId = /^(\d{1,9}):(.+)$/s;

/** The filters and paging of the event feed. */
export const listEventsQuery = z
  .strictObject({
    "filter[type]": severalNames(eventName.options).optional(),
    "filter[after]": queryTime.describe("Published at this time or later.").optional(),
    "page[recent]": z
      .literal(["true", "false"])
      .describe(
        "With `true` a page also has the events of the last two minutes. `links.next` stays before them, so they come " +
          "again: deduplicate by id.",
      )
      .default("false"),
    "page[size]": pageSize,
    "page[after]": pageAfter((id) => entryId.test(id)),
  })
  .transform((query) => {
    const from = query["page[after]"];
    const [, sequence, auditId = ""] = entryId.exec(from?.id ?? "") ?? [];
    const after: FeedPosition | undefined = from && { at: from.at, auditId, sequence: Number(sequence) };
    // The feed has no times before 1970.
    const since = Math.max(query["filter[after]"] ?? 0, 0);
    const isRecent = query["page[recent]"] === "true";
    return { after, since, isRecent, eventNames: query["filter[type]"], size: query["page[size]"] };
  });

export type EventQuery = z.output<typeof listEventsQuery>;
