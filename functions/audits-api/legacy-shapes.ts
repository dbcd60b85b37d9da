import * as z from "zod";
import { resolution } from "../core/kard/resolution.ts";

/** An audit in the format of Kard's legacy "Get Audit Status". */
export const legacyAuditShape = z.object({
  _id: z.string().describe("The tracker's id of the audit."),
  transactionId: z.string(),
  auditCode: z.number(),
  merchantName: z.string(),
  auditDescription: z.string(),
  preferredContactEmail: z.string().describe("Empty for audits of Create Audits (v2), which has no such field."),
  status: z.enum(["NEW", "IN_PROGRESS", "CLOSED"]),
  transactionAmountInCents: z.int().nullable(),
  referringPartnerUserId: z.string().nullable(),
  merchantId: z.string().nullable(),
  submitterName: z.string().nullable(),
  ...resolution.partial().shape,
});

/** The errors of Kard's legacy calls: a list for 400, a message for 401, otherwise a string. */
export const legacyErrorList = z.object({ errors: z.array(z.string()) });
export const legacyUnauthorized = z.object({ message: z.string() });
export const legacyError = z.string();
