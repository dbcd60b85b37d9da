import * as z from "zod";
import { shownEventName } from "../core/events/events.ts";
import { listLinks, timestampShape } from "../core/shared/response-shapes.ts";

/** An event of the feed. */
export const eventShape = z.object({
  type: z.literal("event"),
  id: z.string().describe("The event's id: deduplicate by it."),
  attributes: z.object({
    eventName: shownEventName,
    publishedAt: timestampShape.describe("When it was published. The feed is in this order."),
    body: z.string().describe("The event as JSON, with the bytes that webhooks and the queue carry."),
  }),
});

export const eventFeed = z.object({
  data: z.array(eventShape),
  meta: z.object({ hasNextPage: z.boolean().describe("Whether `links.next` has more events now.") }),
  links: listLinks,
});
