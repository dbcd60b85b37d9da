import * as z from "zod";
import { asciiJson } from "./ascii-json.ts";

/** The body of an event for a subscription to thin payloads: no text, no amount, no user and no URL. */
export const thinEventBody = z.object({
  id: z.string().describe("The event's id. It stays the same for every delivery, so use it to deduplicate."),
  type: z.string().describe("What happened: the name of the event."),
  timestamp: z.iso.datetime().describe("When it happened, in UTC."),
  data: z.object({
    type: z.enum(["audit", "subscription", "notification"]).describe("What the event is about."),
    id: z.string().describe("The id of the audit, subscription or notification. Read it by the API."),
    attributes: z.object({
      organizationId: z.string().describe("The issuer."),
      status: z.string().optional().describe("The audit's status."),
      eventId: z.string().optional().describe("For `notification.failed`: the event that was not delivered."),
    }),
    sequence: z.int().positive().optional().describe("The number of the event within the audit."),
    eventNumber: z.int().positive().optional().describe("The number of the event among those about the subscription."),
  }),
});

const { data } = thinEventBody.shape;

/** An event of a newer version may be about something else. */
const anyThinBody = thinEventBody.extend({ data: data.extend({ type: z.string() }) });

/**
 * Reduces an event's body to its ids, type, status and number. The same event always gives the same bytes.
 *
 * @throws ZodError if the body is no event
 */
export function thinBody(body: string): string {
  return asciiJson(anyThinBody.parse(JSON.parse(body)));
}
