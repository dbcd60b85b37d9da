import * as z from "zod";

/**
 * Kard's responses as its SDKs type them, written from Kard's published schemas. A typed client needs every field that
 * is required here; it passes over fields that it does not know.
 */

const errorObject = z.object({
  status: z.string(),
  title: z.string(),
  detail: z.string(),
  source: z
    .object({ pointer: z.string().optional(), parameter: z.string().optional(), header: z.string().optional() })
    .optional(),
  id: z.string().optional(),
});

export const kardErrors = z.object({ errors: z.array(errorObject).min(1) });

/** Kard's Python SDK reads any 2xx so, 202 and 207 too. */
export const kardAudits = z.object({
  data: z.array(
    z.object({ type: z.literal("audit"), id: z.string(), attributes: z.object({ transactionId: z.string() }) }),
  ),
});

const subscription = z.object({
  type: z.literal("subscription"),
  id: z.string(),
  attributes: z.object({ eventName: z.string(), webhookUrl: z.string(), enabled: z.boolean() }),
});
export const kardSubscriptions = z.object({ data: z.array(subscription) });
export const kardSubscription = z.object({ data: subscription });

export const kardPing = z.object({ message: z.string(), status: z.string(), timestamp: z.string() });

export const kardToken = z.object({
  access_token: z.string(),
  expires_in: z.int(),
  token_type: z.literal("Bearer"),
});

/** Kard's status of an audit, in which `preferredContactEmail` is required. */
export const kardAuditStatus = z.object({
  _id: z.string(),
  transactionId: z.string(),
  auditCode: z.int(),
  merchantName: z.string(),
  auditDescription: z.string(),
  preferredContactEmail: z.string(),
  status: z.enum(["NEW", "IN_PROGRESS", "CLOSED"]),
  transactionAmountInCents: z.int().nullish(),
  referringPartnerUserId: z.string().nullish(),
  merchantId: z.string().nullish(),
  submitterName: z.string().nullish(),
  resolutionCode: z.int().nullish(),
  resolutionDescription: z.string().nullish(),
  resolutionTimeStamp: z.iso.datetime({ offset: true }).nullish(),
});
