import * as z from "zod";
import { type Forwarded, outcomeText } from "./forward-event.ts";

/** The parts of an event's body that its line shows. */
const shownBody = z.object({
  timestamp: z.string(),
  data: z.object({
    id: z.string(),
    attributes: z.object({
      transactionId: z.string().optional(),
      webhookUrl: z.string().optional(),
      status: z.string().optional(),
      resolutionCode: z.number().nullish(),
    }),
  }),
});

/**
 * An event in one line: when it happened (UTC), what happened to which audit, and what the receiver answered.
 *
 * @param forwarded absent if the event was not forwarded
 */
export function eventLine({ eventName, body }: { eventName: string; body: string }, forwarded?: Forwarded): string {
  const { timestamp, data } = shownBody.parse(JSON.parse(body));
  const { transactionId, webhookUrl, status, resolutionCode } = data.attributes;
  const parts = [
    timestamp.slice(11, 19),
    eventName.padEnd("audit.in_progress".length),
    data.id,
    transactionId ?? webhookUrl,
    status,
    resolutionCode?.toString(),
    forwarded && `→ ${outcomeText(forwarded)}`,
  ];
  return parts.filter((part) => part !== undefined).join("  ");
}
