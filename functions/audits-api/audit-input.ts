import { z } from "zod";
import { auditStatus } from "../core/audits/audit.ts";
import { pageSize, queryTime } from "../core/shared/list-query.ts";
import { pageAfter } from "../core/shared/page-token.ts";
import { freeText, identifier, pathIdentifier, singleLine } from "../core/shared/text.ts";
import { httpError } from "../platform/http-error.ts";

/** Kard types it as an integer and may add codes: Kard decides which it takes. */
const auditCode = z
  .int("must be a whole number")
  .describe(
    "Kard's code. 3005: the cashback is incorrect. 3006: the cashback is missing. 8001: other. Kard may add codes; " +
      "one that Kard does not know, Kard refuses.",
  );

const sharedFields = {
  transactionId: identifier,
  auditCode,
  merchantName: singleLine(256),
  auditDescription: freeText(4_000),
};

/** The request of Kard's "Create Audits". */
export const createAuditsBody = z.object({
  data: z
    .array(z.object({ type: z.literal("audit"), attributes: z.object(sharedFields) }))
    .min(1, "must have at least one audit")
    .max(100, "must have at most 100 audits"),
});

/** A field that may be absent, or null as in Kard's own output. */
function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();
}

/** The request of Kard's legacy "Create Audit". */
export const createLegacyAuditBody = z.object({
  ...sharedFields,
  preferredContactEmail: singleLine(320),
  issuer: singleLine(256),
  transactionAmountInCents: optional(z.int("must be a whole number of cents")),
  referringPartnerUserId: optional(identifier),
  merchantId: optional(identifier),
  submitterName: optional(singleLine(256)),
});

/** Audits that exist at Kard, by Kard's ids. */
export const adoptAuditsBody = z.object({
  data: z
    .array(z.object({ type: z.literal("audit"), attributes: z.object({ kardAuditId: identifier }) }))
    .min(1, "must have at least one audit")
    .max(100, "must have at most 100 audits"),
});

/** What an operator found out at Kard about an unconfirmed audit. */
export const resolveAuditBody = z.object({
  data: z.object({
    type: z.literal("audit"),
    attributes: z.union(
      [
        z.object({ kardAuditId: identifier.describe("Kard has it, under this id.") }),
        z.object({ notAtKard: z.literal(true).describe("Kard has not got it: it is handed over again.") }),
      ],
      "must have a kardAuditId, or notAtKard: true",
    ),
  }),
});

/** The filters and paging of a list of audits. */
export const listAuditsQuery = z
  .strictObject({
    "filter[status]": auditStatus.optional(),
    "filter[userId]": identifier.optional(),
    "filter[transactionId]": identifier.optional(),
    "filter[after]": queryTime.describe("Filed at this time or later.").optional(),
    "filter[before]": queryTime.describe("Filed before this time.").optional(),
    "page[size]": pageSize,
    "page[after]": pageAfter(),
  })
  .transform((query) => ({
    filter: {
      status: query["filter[status]"],
      userId: query["filter[userId]"],
      transactionId: query["filter[transactionId]"],
      since: query["filter[after]"],
      before: query["filter[before]"],
    },
    size: query["page[size]"],
    from: query["page[after]"],
  }));

/**
 * The user in the path.
 *
 * @throws HttpError 400 if it is not a valid id
 */
export function userIdParameter(text: string | undefined): string {
  const result = pathIdentifier.safeParse(text);
  if (result.success) return result.data;
  throw httpError(400, result.error.issues[0]?.message ?? "is not an id", { parameter: "userId" });
}
