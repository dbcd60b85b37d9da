import * as z from "zod";
import { shownEventName } from "../../core/events/events.ts";
import { timestampShape } from "../../core/shared/response-shapes.ts";
import { targetType } from "../../core/subscriptions/aws-target.ts";
import { payload, retrySchedule } from "../../core/subscriptions/delivery-options.ts";
import { signing } from "../../core/subscriptions/webhook-secret.ts";
import { figuresShape } from "./delivery-figures-shapes.ts";

// The shapes of the function's responses. The descriptions are published.

/** A subscription as a JSON:API resource. */
export const subscriptionShape = z.object({
  type: z.literal("subscription"),
  id: z.string(),
  attributes: z.object({
    webhookUrl: z.string().optional().describe("The URL of the webhook; absent with a target."),
    target: z.object({ type: targetType, arn: z.string() }).optional().describe("The queue or event bus."),
    eventName: shownEventName.describe("Kard's field: `auditUpdate`, or the first of `eventNames`."),
    eventNames: z.array(shownEventName).optional().describe("What it is sent; not of `auditUpdate`."),
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
    disabledAt: timestampShape.optional(),
    disabledReason: z
      .string()
      .optional()
      .describe(
        "by-owner: its owner disabled it. gone: the endpoint answered 410. failing: it only failed for days. Later " +
          "versions may have more.",
      ),
    failingSince: timestampShape.optional().describe("The time of the first failure since the last success."),
    signing,
    publicKey: z.string().optional().describe("For Ed25519: the `whpk_` key that verifies signatures."),
    createdAt: timestampShape,
    heldNotifications: z
      .int()
      .min(0)
      .optional()
      .describe(
        "How many notifications wait for it, counted up to 1,000; not shown in lists. After it is enabled, they are " +
          "sent and the number falls.",
      ),
    figures: figuresShape.optional().describe("How deliveries to it went; not shown in lists."),
  }),
});

/** The same with its secret, for the only response that shows it. */
export const newSubscriptionShape = subscriptionShape.extend({
  attributes: subscriptionShape.shape.attributes.extend({
    secret: z.string().optional().describe("The `whsec_` secret that verifies signatures. It is not shown again."),
    webhookKey: z
      .string()
      .optional()
      .describe("For `auditUpdate`: the key that verifies `notify-signature`. It is not shown again."),
  }),
});

/** The result of a test. */
export const testShape = z.object({
  type: z.literal("test"),
  id: z.string().describe("The id of the test event."),
  attributes: z.object({
    delivered: z.boolean(),
    timestamp: timestampShape,
    milliseconds: z.number(),
    statusCode: z.int().optional(),
    body: z
      .string()
      .describe("The start of the response body; empty if the subscription has `headers`, and for private receivers."),
    errorMessage: z.string().optional(),
  }),
});

export const createdSubscriptions = z.object({ data: z.array(newSubscriptionShape) });
export const subscriptionList = z.object({ data: z.array(subscriptionShape) });
export const oneSubscription = z.object({ data: subscriptionShape });
export const newSecret = z.object({ data: newSubscriptionShape });
export const testOutcome = z.object({ data: testShape });
