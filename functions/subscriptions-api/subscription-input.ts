import { z } from "zod";
import { eventName } from "../core/events/events.ts";
import { freeText } from "../core/shared/text.ts";
import { webhookHeaders } from "../core/subscriptions/webhook-headers.ts";
import { ownWebhookSecret, type Signing, signing } from "../core/subscriptions/webhook-secret.ts";
import { otherCharacters, urlCharacters } from "../core/subscriptions/webhook-url.ts";

const maxCodes = 50;

/** Any number is accepted, because Kard may add codes. */
const codes = z
  .array(z.int("must be a whole number"))
  .min(1, "must name at least one code")
  .max(maxCodes, `must name at most ${maxCodes} codes`);

const filters = z.strictObject({ auditCodes: codes.optional(), resolutionCodes: codes.optional() });

const webhookUrl = z
  .string("must be a string")
  .max(2_000, "must have at most 2000 characters")
  .regex(urlCharacters, otherCharacters)
  .describe(
    "Where to post to: an https URL on port 443 and a host of the public internet, unless the deployment allows others, without user name, password or fragment.",
  )
  .meta({ format: "uri" });

const eventNames = z
  .array(eventName)
  .min(1, "must name at least one event")
  .transform((names) => [...new Set(names)]);
const description = freeText(1_000);

/** Only a shared secret can be the caller's own. This rule is also in the published schema. */
const noSecretWithEd25519 = {
  not: { properties: { signing: { const: "ed25519" } }, required: ["signing", "secret"] },
};

function secretFits({ signing: by, secret }: { signing?: Signing | undefined; secret?: string | undefined }): boolean {
  return by !== "ed25519" || secret === undefined;
}

const secretRefused = {
  error: "cannot be given with Ed25519, whose private key is made and kept here",
  path: ["secret"],
};

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
  .refine(secretFits, secretRefused)
  .meta(noSecretWithEd25519);

/** Kard's request for subscriptions: a list, with several event names where Kard has one. */
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

/** Kard's request for one subscription. Absent fields stay, and `null` removes optional ones. */
export const changeSubscriptionBody = z.object({
  data: z.object({ type: z.literal("subscription"), attributes: changedAttributes }),
});

export type SubscriptionChange = z.infer<typeof changedAttributes>;

const aDay = 24 * 60 * 60;

/** How long the earlier secrets keep signing: a day by default; 0 after a leak. */
export const rotateSecretBody = z
  .object({
    secret: ownWebhookSecret.optional(),
    signing: signing.optional(),
    overlapSeconds: z
      .int("must be a whole number")
      .min(0, "must be 0 or more")
      .max(7 * aDay, "must be a week at most")
      .default(aDay),
  })
  .refine(secretFits, secretRefused)
  .meta(noSecretWithEd25519);

export type RotateSecretInput = z.infer<typeof rotateSecretBody>;
