import { z } from "zod";
import { identifier } from "../core/text.ts";

/** An audit of Kard's legacy create has no user: its id may be empty then. */
const user = z.object({
  data: z.object({
    id: z
      .literal("")
      .transform(() => undefined)
      .or(identifier),
  }),
});

/** What is used of Kard's `auditUpdate` notification (Kard's notification guide): which audit it is about. */
export const auditUpdate = z.object({
  data: z.object({
    type: z.literal("auditUpdate"),
    attributes: z.object({
      status: z.string(),
      transactionId: identifier,
      auditCode: z.number(),
      merchantName: z.string(),
      auditDescription: z.string(),
    }),
    relationships: z.object({
      user: user.optional(),
      audit: z.object({ data: z.object({ id: identifier }) }),
    }),
  }),
});

/** What the push is answered with: what came of it. */
export const pushResult = z.object({
  result: z
    .enum(["checked", "left-to-the-poller", "known-already", "unknown-audit"])
    .describe("known-already: nothing was asked. unknown-audit: not one of the tracker's."),
});
