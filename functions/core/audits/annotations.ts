import * as z from "zod";
import { asciiJson } from "../events/ascii-json.ts";

/** The issuer's own data on an audit. It is stored, shown and part of events, and never sent to Kard. */
export const annotations = z.object({
  reference: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
});

export type Annotations = z.infer<typeof annotations>;

/** The limits of metadata in Stripe's API, in UTF-16 code units (https://docs.stripe.com/api/metadata). */
export const maxMetadataKeys = 20;
export const maxMetadataKeyLength = 40;
export const maxMetadataValueLength = 500;

/**
 * The limit of all metadata as ASCII JSON, in bytes. Each event of an audit has a copy, and a DynamoDB item has 400 KB
 * at most.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const maxMetadataBytes = 16 * 1024;

/** Why metadata is too large; `undefined` if it is not. */
export function problemOfMetadata(metadata: Readonly<Record<string, string | null>>): string | undefined {
  if (Object.keys(metadata).length > maxMetadataKeys) return `must have at most ${maxMetadataKeys} keys`;
  if (asciiJson(metadata).length <= maxMetadataBytes) return undefined;
  return `must have at most ${maxMetadataBytes} bytes as ASCII JSON`;
}

/** A change of an issuer's own data. Absent fields stay; null removes a value, a key or all metadata. */
export interface AnnotationsChange {
  reference?: string | null | undefined;
  metadata?: Readonly<Record<string, string | null>> | null | undefined;
}

/** Applies a change to an issuer's own data. Empty metadata is removed. */
export function changedAnnotations({ reference, metadata }: Annotations, change: AnnotationsChange): Annotations {
  const newReference = change.reference === undefined ? reference : change.reference;
  const newMetadata = change.metadata === undefined ? metadata : merged(metadata, change.metadata);
  return {
    ...(newReference == null ? {} : { reference: newReference }),
    ...(newMetadata === undefined || Object.keys(newMetadata).length === 0 ? {} : { metadata: newMetadata }),
  };
}

function merged(
  metadata: Annotations["metadata"] = {},
  change: NonNullable<AnnotationsChange["metadata"]> | null,
): Record<string, string> {
  if (change === null) return {};
  const entries = Object.entries({ ...metadata, ...change });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
}
