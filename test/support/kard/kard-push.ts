import * as z from "zod";
import { auditCode, resolutionCode, text, timestamp } from "./kard-schemas.ts";

/** The body of Kard's `auditUpdate` push. */
export const auditUpdate = z.strictObject({
  data: z.strictObject({
    type: z.literal("auditUpdate"),
    id: text,
    attributes: z.strictObject({
      status: z.enum(["NEW", "IN_PROGRESS", "CLOSED"]),
      auditCode,
      merchantName: text,
      auditDescription: text,
      transactionId: text,
      resolutionCode: resolutionCode.optional(),
      resolutionDescription: z.string().optional(),
      resolutionTimeStamp: timestamp.optional(),
    }),
    relationships: z.strictObject({
      user: z.strictObject({ data: z.strictObject({ type: text, id: z.string() }) }),
      audit: z.strictObject({ data: z.strictObject({ type: text, id: text }) }),
    }),
  }),
  meta: z.strictObject({ issuerId: z.string(), issuerName: z.string() }).optional(),
});
