import * as z from "zod";

/**
 * Kard's API by its reference: a strict check of every request and response. It is written from Kard's documents and
 * shares no code with the client. Each check throws with the reason.
 */

export const text = z.string().min(1);
const optionalText = z.string().nullish();
/** An integer in Kard's reference, which lists 3005, 3006 and 8001. Kard may add others. */
export const auditCode = z.int();
export const resolutionCode = z.union(
  [5001, 5002, 5003, 5004, 5005, 5006, 5007, 5008, 5009, 9001, 9002, 9003, 9004, 9005].map((code) => z.literal(code)),
);
export const timestamp = z.iso.datetime({ offset: true });

export const errorObject = z.strictObject({
  status: text,
  title: text,
  detail: text,
  source: z.strictObject({ pointer: z.string(), parameter: z.string(), header: z.string() }).partial().optional(),
  id: text.optional(),
  /** JSON:API's own members, which Kard does not send and its clients ignore. */
  meta: z.unknown().optional(),
  links: z.unknown().optional(),
});
export const errors = z.strictObject({ errors: z.array(errorObject).min(1) });

export const auditData = z.array(
  z.strictObject({ type: z.literal("audit"), id: text, attributes: z.strictObject({ transactionId: text }) }),
);
export const createRequest = z.strictObject({
  data: z
    .array(
      z.strictObject({
        type: z.literal("audit"),
        attributes: z.strictObject({ auditCode, merchantName: text, auditDescription: text, transactionId: text }),
      }),
    )
    .min(1),
});

export const legacyCreateRequest = z.strictObject({
  transactionId: text,
  auditCode,
  merchantName: text,
  auditDescription: text,
  preferredContactEmail: text,
  issuer: text,
  transactionAmountInCents: z.int().optional(),
  referringPartnerUserId: z.string().optional(),
  merchantId: z.string().optional(),
  submitterName: z.string().optional(),
});
export const legacyAudit = z.strictObject({
  _id: text,
  transactionId: text,
  auditCode,
  merchantName: text,
  auditDescription: text,
  preferredContactEmail: z.string().optional(),
  transactionAmountInCents: z.int().nullish(),
  referringPartnerUserId: optionalText,
  merchantId: optionalText,
  submitterName: optionalText,
});
const withStatus = (status: "NEW" | "IN_PROGRESS") =>
  legacyAudit.extend({
    status: z.literal(status),
    resolutionCode: z.null().optional(),
    resolutionDescription: z.null().optional(),
    resolutionTimeStamp: z.null().optional(),
  });
export const auditStatus = z.discriminatedUnion("status", [
  withStatus("NEW"),
  withStatus("IN_PROGRESS"),
  legacyAudit.extend({
    status: z.literal("CLOSED"),
    resolutionCode,
    resolutionDescription: z.string(),
    resolutionTimeStamp: timestamp,
  }),
]);

const subscriptionAttributes = z.strictObject({ eventName: text, webhookUrl: z.url(), enabled: z.boolean() });
export const newSubscription = z.strictObject({ type: z.literal("subscription"), attributes: subscriptionAttributes });
export const subscription = newSubscription.extend({ id: text });
export const notification = z.strictObject({
  type: z.literal("notification"),
  id: text,
  attributes: z.strictObject({
    eventId: text,
    eventName: text,
    timestamp,
    lastAttemptAt: timestamp,
    status: z.enum(["pending", "delivered", "delivery_failed"]),
    attempts: z.int(),
    statusCode: z.int().optional(),
    errorMessage: z.string().optional(),
  }),
});
export const links = z.strictObject({ self: z.string(), next: z.string().optional(), prev: z.string().optional() });
