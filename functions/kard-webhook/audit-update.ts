import * as z from "zod";
import { identifier } from "../core/shared/text.ts";

/** An optional field of a push. Invalid values are ignored. */
function ifReadable<Schema extends z.ZodType>(schema: Schema) {
  return z
    .unknown()
    .transform((value): z.output<Schema> | undefined => schema.safeParse(value).data)
    .optional();
}

/** Ids are opaque. A number is the same id as its text. */
const id = z.union([identifier, z.int().transform(String)]);

const attributes = z.object({
  status: ifReadable(z.string()).describe(
    "Kard's status of the audit. The tracker reads the audit from Kard and does not store this value.",
  ),
  transactionId: ifReadable(identifier).describe("Identifies an audit whose Kard id is not stored yet."),
  auditCode: ifReadable(
    z.union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,15}$/)
        .transform(Number),
    ]),
  ),
  merchantName: ifReadable(z.string()),
  auditDescription: ifReadable(z.string()),
});

/**
 * The used fields of Kard's `auditUpdate` notification (Kard's notification guide). Only the audit's id is required.
 */
export const auditUpdate = z.object({
  data: z.object({
    type: z.literal("auditUpdate"),
    attributes: attributes.nullish(),
    relationships: z.object({
      /** An audit of Kard's legacy create has no user. */
      user: ifReadable(z.object({ data: z.object({ id }) })),
      audit: z.object({ data: z.object({ id }) }),
    }),
  }),
});

/** The response to a push. */
export const pushResult = z.object({
  result: z
    .enum(["checked", "left-to-the-poller", "known-already", "unknown-audit"])
    .describe("known-already: the status is already stored. unknown-audit: the audit is not tracked."),
});
