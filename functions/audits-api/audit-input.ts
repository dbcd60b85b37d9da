import * as z from "zod";
import { currencies } from "../core/audits/currencies.ts";
import { freeText, identifier, pathIdentifier, singleLine } from "../core/shared/text.ts";
import { httpError } from "../platform/http-error.ts";
import { metadata, reference } from "./annotations-input.ts";

/** An integer in Kard's reference. Kard may add codes, so Kard decides which are valid. */
const auditCode = z
  .int("must be a whole number")
  .describe(
    "Kard's code. 3005: the cashback is incorrect. 3006: the cashback is missing. 8001: other. Kard may add codes, " +
      "and refuses unknown ones.",
  );

const sharedFields = {
  transactionId: identifier,
  auditCode,
  merchantName: singleLine(256),
  auditDescription: freeText(4_000),
};

/** A field that may be absent, or null as in Kard's own output. */
function optional<Schema extends z.ZodType>(schema: Schema) {
  return schema
    .nullish()
    .transform((value) => value ?? undefined)
    .optional();
}

/** Kard's reference has no bound. Sums of amounts within this one stay exact as numbers of JavaScript and DynamoDB. */
const maxCents = 1_000_000_000_000;

export const currency = z
  .enum(currencies, "must be the code of a currency in ISO 4217, such as USD")
  .describe("The currency of the amount, by ISO 4217.");

/** Stored by the tracker. Kard has fields only for the amount and the submitter, and only in its legacy call. */
const keptFields = {
  transactionAmountInCents: optional(
    z
      .int({ error: "must be a whole number of cents", abort: true })
      .min(-maxCents, `must be at least ${-maxCents}`)
      .max(maxCents, `must be at most ${maxCents}`),
  ),
  currency: optional(currency),
  submitterName: optional(singleLine(256)),
  reference: optional(reference),
  metadata: optional(metadata),
};

/** The request of Kard's "Create Audits", with the fields that only the tracker stores. */
export const createAuditsBody = z.object({
  data: z
    .array(z.object({ type: z.literal("audit"), attributes: z.object({ ...sharedFields, ...keptFields }) }))
    .min(1, "must have at least one audit")
    .max(100, "must have at most 100 audits"),
});

/** The request of Kard's legacy "Create Audit", with the fields that only the tracker stores. */
export const createLegacyAuditBody = z.object({
  ...sharedFields,
  preferredContactEmail: singleLine(320),
  issuer: singleLine(256),
  ...keptFields,
  referringPartnerUserId: optional(identifier),
  merchantId: optional(identifier),
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
        z.object({ kardAuditId: identifier.describe("Kard has the audit under this id.") }),
        z.object({ notAtKard: z.literal(true).describe("Kard does not have the audit; it is submitted again.") }),
      ],
      "must have a kardAuditId, or notAtKard: true",
    ),
  }),
});

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
