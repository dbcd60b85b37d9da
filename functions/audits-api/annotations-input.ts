import * as z from "zod";
import {
  maxMetadataKeyLength,
  maxMetadataKeys,
  maxMetadataValueLength,
  problemOfMetadata,
} from "../core/audits/annotations.ts";
import { identifier, singleLine } from "../core/shared/text.ts";

export const maxReferenceLength = 100;

const atMost = (characters: number) => `must have at most ${characters} characters`;

/** A ticket or case id. */
export const reference = identifier.max(maxReferenceLength, atMost(maxReferenceLength));

const metadataKey = identifier.max(maxMetadataKeyLength, atMost(maxMetadataKeyLength));
const metadataValue = singleLine(maxMetadataValueLength);

/** A bounded map of texts. zod skips the key `__proto__`, so it is not stored. */
function metadataOf<Value extends z.ZodType<string | null>>(value: Value) {
  return z
    .record(metadataKey, value)
    .meta({ maxProperties: maxMetadataKeys })
    .superRefine((metadata, context) => {
      const problem = problemOfMetadata(metadata as Record<string, string | null>);
      if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
    });
}

export const metadata = metadataOf(metadataValue);

/** A change of an audit. Absent fields stay, and null removes a field. */
export const changeAuditBody = z.object({
  data: z.object({
    type: z.literal("audit"),
    attributes: z.object({
      reference: reference.nullable().describe("null removes it.").optional(),
      metadata: metadataOf(metadataValue.nullable())
        .nullable()
        .describe("Keys that are not named stay; null removes a key, or all of them.")
        .optional(),
    }),
  }),
});
