import type { Audit } from "../../core/audits/audit.ts";
import type { AuditStore } from "../../core/audits/ports.ts";

export const keyReusedDetail = "this Idempotency-Key was already used with another request; use a new key";

/**
 * Takes the idempotency lock of a request: its audit at position 0, whose id is derived from the Idempotency-Key (or
 * from the request, to detect duplicates). Only the request that creates this audit may call Kard.
 *
 * @returns `isRepeat` if the same request was stored before; `key-reused` if the key was used with another request
 */
export async function takeIdempotencyLock(
  audits: Pick<AuditStore, "create">,
  first: Audit,
): Promise<{ isRepeat: boolean; creation: Awaited<ReturnType<AuditStore["create"]>> } | "key-reused"> {
  const creation = await audits.create(first);
  const isRepeat = creation.outcome === "exists";
  if (isRepeat && creation.existing.fingerprint !== first.fingerprint) return "key-reused";
  return { isRepeat, creation };
}
