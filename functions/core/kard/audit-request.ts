import * as z from "zod";

/**
 * An audit request: all fields of Kard's v2 and legacy create, under Kard's names, and the currency of the amount, for
 * which Kard has no field.
 */
export const auditRequest = z.object({
  transactionId: z.string(),
  auditCode: z.number(),
  merchantName: z.string(),
  auditDescription: z.string(),
  preferredContactEmail: z.string().optional(),
  issuer: z.string().optional(),
  transactionAmountInCents: z.number().optional(),
  currency: z.string().optional(),
  referringPartnerUserId: z.string().optional(),
  merchantId: z.string().optional(),
  submitterName: z.string().optional(),
});

export type AuditRequest = Readonly<z.infer<typeof auditRequest>>;
