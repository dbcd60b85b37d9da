import { z } from "zod";
import { auditCodes } from "../core/audit-codes.ts";
import { eventName } from "../core/events.ts";
import { prose } from "../core/text.ts";
import { webhookHeaders } from "../core/webhook-headers.ts";
import { ownWebhookSecret, signing } from "../core/webhook-secret.ts";

const knownAuditCodes = Object.keys(auditCodes).map(Number);
const mostCodes = 50;

const filters = z.strictObject({
  auditCodes: z
    .array(z.literal(knownAuditCodes, `must be one of ${knownAuditCodes.join(", ")}`))
    .min(1, "must name at least one code")
    .max(mostCodes, `must name at most ${mostCodes} codes`)
    .optional(),
  // Kard may add codes, so any number is taken.
  resolutionCodes: z
    .array(z.int("must be a number"))
    .min(1, "must name at least one code")
    .max(mostCodes, `must name at most ${mostCodes} codes`)
    .optional(),
});

const webhookUrl = z.string("must be a string").max(2_000, "must have at most 2000 characters");
const eventNames = z
  .array(eventName)
  .min(1, "must name at least one event")
  .transform((names) => [...new Set(names)]);
const description = prose(1_000);

const newAttributes = z
  .object({
    webhookUrl,
    eventNames: eventNames.default(["audit.closed"]),
    filters: filters.optional(),
    headers: webhookHeaders.optional(),
    description: description.optional(),
    enabled: z.boolean().default(true),
    signing: signing.default("hmac-sha256"),
    secret: ownWebhookSecret.optional(),
  })
  .refine(({ signing: by, secret }) => by === "hmac-sha256" || secret === undefined, {
    error: "cannot be given with Ed25519, whose private key is made and kept here",
    path: ["secret"],
  });

/** Kard's envelope for subscriptions, a list of them, with several event names where Kard has one. */
export const createSubscriptionsBody = z.object({
  data: z
    .array(z.object({ type: z.literal("subscription"), attributes: newAttributes }))
    .min(1, "must have at least one subscription")
    .max(10, "must have at most 10 subscriptions"),
});

export type SubscriptionInput = z.infer<typeof newAttributes>;

const changedAttributes = z
  .object({
    webhookUrl,
    eventNames,
    filters: filters.nullable(),
    headers: webhookHeaders.nullable(),
    description: description.nullable(),
    enabled: z.boolean(),
  })
  .partial();

/** Kard's envelope for one; what is not named stays, and `null` takes away what may be left out. */
export const changeSubscriptionBody = z.object({
  data: z.object({ type: z.literal("subscription"), attributes: changedAttributes }),
});

export type SubscriptionChange = z.infer<typeof changedAttributes>;

const aDay = 24 * 60 * 60;

/** How long the former secrets go on signing: a day unless it is said otherwise, 0 after a leak. */
export const rotateSecretBody = z.object({
  secret: ownWebhookSecret.optional(),
  signing: signing.optional(),
  overlapSeconds: z
    .int("must be a whole number")
    .min(0, "must be 0 or more")
    .max(7 * aDay, "must be a week at most")
    .default(aDay),
});

export type RotateSecretInput = z.infer<typeof rotateSecretBody>;
