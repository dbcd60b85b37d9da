import { z } from "zod";
import { eventName } from "../core/events.ts";
import { prose } from "../core/text.ts";

/** Kard's envelope for subscriptions, a list of them, with several event names where Kard has one. */
export const createSubscriptionsBody = z.object({
  data: z
    .array(
      z.object({
        type: z.literal("subscription"),
        attributes: z.object({
          webhookUrl: z.string("must be a string").max(2_000, "must have at most 2000 characters"),
          eventNames: z.array(eventName).min(1, "must name at least one event").default(["audit.closed"]),
          description: prose(1_000).optional(),
          enabled: z.boolean().default(true),
        }),
      }),
    )
    .min(1, "must have at least one subscription")
    .max(10, "must have at most 10 subscriptions"),
});

export type SubscriptionInput = z.infer<typeof createSubscriptionsBody>["data"][number]["attributes"];
