import * as z from "zod";
import { eventName } from "../core/events/events.ts";
import { disabledReason } from "../core/events/webhook-events.ts";
import { shownTime } from "../core/shared/response-shapes.ts";
import { targetType } from "../core/subscriptions/aws-target.ts";
import { payload, retrySchedule } from "../core/subscriptions/delivery-options.ts";
import { subscribableEvent } from "../core/subscriptions/kard-compatible.ts";
import { signing } from "../core/subscriptions/webhook-secret.ts";
import { shownFigures } from "./delivery-figures-shapes.ts";

// The shapes of the function's responses. The descriptions are published.

/** A subscription as a JSON:API resource. */
export const shownSubscription = z.object({
  type: z.literal("subscription"),
  id: z.string(),
  attributes: z.object({
    webhookUrl: z.string().optional().describe("The URL of the webhook; absent with a target."),
    target: z.object({ type: targetType, arn: z.string() }).optional().describe("The queue or event bus."),
    eventName: subscribableEvent.describe("Kard's field: `auditUpdate`, or the first of `eventNames`."),
    eventNames: z.array(eventName).optional().describe("What it is sent; not of `auditUpdate`."),
    filters: z
      .object({ auditCodes: z.array(z.number()).optional(), resolutionCodes: z.array(z.number()).optional() })
      .optional(),
    headers: z.record(z.string(), z.string()).optional().describe("Sent with every webhook; the values are not shown."),
    description: z.string().optional(),
    payload: payload.optional().describe("What webhooks contain; not of `auditUpdate`."),
    retrySchedule: retrySchedule.describe("When failed deliveries are tried again."),
    ordered: z.boolean().describe("Whether events of an audit are delivered in order."),
    maxPerSecond: z.int().optional().describe("The most attempts per second; absent if there is no limit."),
    enabled: z.boolean(),
    disabledAt: shownTime.optional(),
    disabledReason: disabledReason
      .optional()
      .describe("gone: the endpoint answered 410. failing: it only failed for days."),
    failingSince: shownTime.optional().describe("The time of the first failure since the last success."),
    signing,
    publicKey: z.string().optional().describe("For Ed25519: the `whpk_` key that verifies signatures."),
    createdAt: shownTime,
    heldNotifications: z
      .int()
      .min(0)
      .optional()
      .describe(
        "How many notifications wait for it, counted up to 1,000; not shown in lists. After it is enabled, they are " +
          "sent and the number falls.",
      ),
    figures: shownFigures.optional().describe("How deliveries to it went; not shown in lists."),
  }),
});

/** The same with its secret, for the only response that shows it. */
export const shownNewSubscription = shownSubscription.extend({
  attributes: shownSubscription.shape.attributes.extend({
    secret: z.string().optional().describe("The `whsec_` secret that verifies signatures. It is not shown again."),
    webhookKey: z
      .string()
      .optional()
      .describe("For `auditUpdate`: the key that verifies `notify-signature`. It is not shown again."),
  }),
});

/** The result of a test. */
export const shownTest = z.object({
  type: z.literal("test"),
  id: z.string().describe("The id of the test event."),
  attributes: z.object({
    delivered: z.boolean(),
    timestamp: shownTime,
    milliseconds: z.number(),
    statusCode: z.int().optional(),
    body: z
      .string()
      .describe("The start of the response body; empty if the subscription has `headers`, and for private receivers."),
    errorMessage: z.string().optional(),
  }),
});

export const createdSubscriptions = z.object({ data: z.array(shownNewSubscription) });
export const subscriptionList = z.object({ data: z.array(shownSubscription) });
export const oneSubscription = z.object({ data: shownSubscription });
export const newSecret = z.object({ data: shownNewSubscription });
export const testOutcome = z.object({ data: shownTest });
