import { z } from "zod";
import { identifier } from "../core/text.ts";

/** What is used of Kard's `auditUpdate` notification: which audit to look at, and whether there may be news of it. */
export const auditUpdate = z.object({
  data: z.object({
    type: z.literal("auditUpdate"),
    attributes: z.object({ status: z.string(), transactionId: identifier }),
    relationships: z.object({ audit: z.object({ data: z.object({ id: identifier }) }) }),
  }),
});
