import * as z from "zod";
import { eventName } from "../../core/events/events.ts";
import { severalNames } from "../../core/shared/list-query.ts";
import { freeText } from "../../core/shared/text.ts";
import { deliveryOptions } from "../../core/subscriptions/delivery-options.ts";
import { kardEvent, subscribableEvent, webhookKey } from "../../core/subscriptions/kard-compatible.ts";
import { webhookHeaders } from "../../core/subscriptions/webhook-headers.ts";
import { ownWebhookSecret, type Signing, signing } from "../../core/subscriptions/webhook-secret.ts";
import {
  endpointMissing,
  endpoints,
  hasEndpoint,
  noEndpoint,
  refusedEndpoints,
  refuseEndpoints,
} from "./endpoint-input.ts";

const maxCodes = 50;

/** Any number is accepted, because Kard may add codes. */
const codes = z
  .array(z.int("must be a whole number"))
  .min(1, "must name at least one code")
  .max(maxCodes, `must name at most ${maxCodes} codes`);

const filters = z.strictObject({ auditCodes: codes.optional(), resolutionCodes: codes.optional() });

const eventNames = z
  .array(eventName)
  .min(1, "must name at least one event")
  .transform((names) => [...new Set(names)]);
const description = freeText(1_000);

const kardEventName = subscribableEvent.describe(
  "Kard's field for one event. `auditUpdate`: Kard's own payloads at every change of status, with `notify-signature`.",
);

interface SigningInput {
  signing?: Signing | undefined;
  secret?: string | undefined;
  webhookKey?: string | undefined;
}

/** Only a shared secret can be the caller's own. This rule is also in the published schema. */
const ed25519WithSecret = { properties: { signing: { const: "ed25519" } }, required: ["signing", "secret"] };
const secretRefused = {
  error: "cannot be given with Ed25519, whose private key is made and kept here",
  path: ["secret"],
};
const secretFits = ({ signing: by, secret }: SigningInput) => by !== "ed25519" || secret === undefined;

/** Kard's format is signed only by a webhook key. */
const webhookKeyWithOthers = { required: ["webhookKey"], anyOf: [{ required: ["secret"] }, { required: ["signing"] }] };
const webhookKeyAlone = (input: SigningInput) =>
  input.webhookKey === undefined || (input.secret === undefined && input.signing === undefined);

const kardNamed = { properties: { eventName: { const: kardEvent } }, required: ["eventName"] };
const unfitForKard = {
  ...kardNamed,
  anyOf: [{ required: ["secret"] }, { required: ["signing"] }, { required: ["payload"] }],
};
const webhookKeyWithoutKard = { required: ["webhookKey"], not: kardNamed };
const bothNames = { required: ["eventName", "eventNames"] };
const namesRefused = { error: "cannot be given with eventNames", path: ["eventName"] };
const hasOneName = (input: { eventName?: unknown; eventNames?: unknown }) =>
  input.eventName === undefined || input.eventNames === undefined;

const newAttributes = z
  .object({
    ...endpoints.partial().shape,
    eventName: kardEventName.optional(),
    eventNames: eventNames.optional().describe("`audit.closed` alone unless it is said otherwise."),
    filters: filters.optional(),
    headers: webhookHeaders.optional(),
    description: description.optional(),
    ...deliveryOptions.partial().shape,
    enabled: z.boolean().default(true),
    signing: signing.optional().describe("`hmac-sha256` unless it is said otherwise."),
    secret: ownWebhookSecret.optional(),
    webhookKey: webhookKey.optional(),
  })
  .superRefine(refuseEndpoints)
  .refine(hasEndpoint, endpointMissing)
  .refine(hasOneName, namesRefused)
  .refine(secretFits, secretRefused)
  .refine(({ eventName, secret }) => eventName !== kardEvent || secret === undefined, {
    error: "is not for auditUpdate: give a webhookKey",
    path: ["secret"],
  })
  .refine(({ eventName, signing: by }) => eventName !== kardEvent || by === undefined, {
    error: "is not for auditUpdate, which is signed as Kard signs",
    path: ["signing"],
  })
  .refine(({ eventName, webhookKey: key }) => eventName === kardEvent || key === undefined, {
    error: "is for auditUpdate alone: give a secret",
    path: ["webhookKey"],
  })
  .refine(({ eventName, payload }) => eventName !== kardEvent || payload === undefined, {
    error: "is not for auditUpdate, which has Kard's payload",
    path: ["payload"],
  })
  .meta({
    not: {
      anyOf: [
        ...[bothNames, ed25519WithSecret, unfitForKard, webhookKeyWithoutKard],
        ...[...refusedEndpoints, noEndpoint],
      ],
    },
  });

/** Kard's request for subscriptions. `eventName` is Kard's field, `eventNames` the tracker's. */
export const createSubscriptionsBody = z.object({
  data: z
    .array(z.object({ type: z.literal("subscription"), attributes: newAttributes }))
    .min(1, "must have at least one subscription")
    .max(10, "must have at most 10 subscriptions"),
});

export type SubscriptionInput = z.infer<typeof newAttributes>;

const changedAttributes = z
  .object({
    ...endpoints.shape,
    eventName: kardEventName,
    eventNames,
    filters: filters.nullable(),
    headers: webhookHeaders.nullable(),
    description: description.nullable(),
    ...deliveryOptions.shape,
    enabled: z.boolean(),
  })
  .partial()
  .superRefine(refuseEndpoints)
  .refine(hasOneName, namesRefused)
  .meta({ not: { anyOf: [bothNames, ...refusedEndpoints] } });

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
    webhookKey: webhookKey.optional(),
    overlapSeconds: z
      .int("must be a whole number")
      .min(0, "must be 0 or more")
      .max(7 * aDay, "must be at most a week")
      .default(aDay),
  })
  .refine(secretFits, secretRefused)
  .refine(webhookKeyAlone, { error: "cannot be given with a secret or signing", path: ["webhookKey"] })
  .meta({ not: { anyOf: [ed25519WithSecret, webhookKeyWithOthers] } });

export type RotateSecretInput = z.infer<typeof rotateSecretBody>;

/** What a test sends: a ping, or an example of an event. */
export const testBody = z.object({
  eventName: eventName
    .describe(
      "Sends an example of this event, whose audit or subscription has the id `example`. Without it, the event is a " +
        "ping, `subscription.test`.",
    )
    .optional(),
});

/** The filters of a list of subscriptions: Kard's, with several names. */
export const listSubscriptionsQuery = z
  .strictObject({
    "filter[eventName]": severalNames(subscribableEvent.options).describe("Those for one of these events.").optional(),
  })
  .transform((query) => ({ eventNames: query["filter[eventName]"] }));
