import * as z from "zod";

const text = z.string().min(1);
/** Kard's reference allows any integer. A setting lists the codes that the sandbox accepts. */
const auditCode = z.int();

/** Kard's reference, "Create Audits". */
export const auditResource = z.strictObject({
  type: z.literal("audit"),
  attributes: z.strictObject({ auditCode, merchantName: text, auditDescription: text, transactionId: text }),
});
export const createRequest = z.strictObject({ data: z.array(auditResource).min(1) });

/** Kard's legacy reference, "Create Audit". */
export const legacyAttributes = z.strictObject({
  transactionId: text,
  auditCode,
  merchantName: text,
  auditDescription: text,
  preferredContactEmail: text,
  issuer: text,
  transactionAmountInCents: z.int().exactOptional(),
  referringPartnerUserId: z.string().exactOptional(),
  merchantId: z.string().exactOptional(),
  submitterName: z.string().exactOptional(),
});

const eventName = z.enum([
  "earnedRewardApproved",
  "earnedRewardSettled",
  "earnedRewardRejected",
  "validTransaction",
  "failedTransaction",
  "clawback",
  "auditUpdate",
  "fileProcessingResult",
  "pushNotificationPlacementFile",
  "emailNotificationPlacementFile",
]);
const webhookUrl = z.url({ protocol: /^https?$/ });
const subscriptionAttributes = z.strictObject({ eventName, webhookUrl, enabled: z.boolean() });
export type SubscriptionAttributes = z.infer<typeof subscriptionAttributes>;

/** Kard's reference, "Create Subscription". */
export const subscriptionsRequest = z.strictObject({
  data: z.array(z.strictObject({ type: z.literal("subscription"), attributes: subscriptionAttributes })).min(1),
});

/** Kard's reference, "Update Subscription". */
export const subscriptionPatch = z.strictObject({
  data: z.strictObject({
    type: z.literal("subscription"),
    attributes: z.strictObject({
      eventName: eventName.exactOptional(),
      webhookUrl: webhookUrl.exactOptional(),
      enabled: z.boolean().exactOptional(),
    }),
  }),
});

/** Kard's reference, "List Notifications". */
export const notificationQuery = z.strictObject({
  "page[after]": z.coerce.number().int().exactOptional(),
  "page[before]": z.coerce.number().int().exactOptional(),
  "page[size]": z.coerce.number().int().min(1).max(200).default(200),
  "filter[eventName]": z.string().exactOptional(),
  "filter[status]": z.enum(["pending", "delivered", "delivery_failed"]).exactOptional(),
  "filter[after]": z.iso.datetime({ offset: true }).exactOptional(),
  "filter[before]": z.iso.datetime({ offset: true }).exactOptional(),
});

/** Parses a JSON body by a schema; problems carry a JSON pointer. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: string) {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return { valid: false, problems: undefined } as const;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { valid: true, value: parsed.data } as const;
  const problems = parsed.error.issues.map(({ path, message }) => ({ pointer: `/${path.join("/")}`, message }));
  return { valid: false, problems } as const;
}
