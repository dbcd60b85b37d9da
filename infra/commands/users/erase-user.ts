import type { Audit } from "../../../functions/core/audits/audit.ts";
import { isComplete } from "../../../functions/core/audits/audit-expiry.ts";
import type { AdoptionStore } from "../../../functions/core/tracking/ports.ts";
import type { AuditRemoval } from "./audit-removal.ts";
import type { UserData } from "./find-user-data.ts";

/** The audits that are open at Kard, have unpublished events, or have undelivered webhooks. */
export function openAudits({ audits }: UserData): Audit[] {
  return audits
    .filter(
      ({ audit, notifications }) => !isComplete(audit) || notifications.some(({ status }) => status === "pending"),
    )
    .map(({ audit }) => audit);
}

export interface EraseDeps {
  auditRemoval: AuditRemoval;
  adoptions: Pick<AdoptionStore, "remove">;
}

/**
 * Deletes a user's data, one audit at a time. Pending adoptions go first, so that none recreates an audit.
 *
 * @returns the number of deleted rows
 */
export async function eraseUserData({ auditRemoval, adoptions }: EraseDeps, data: UserData): Promise<number> {
  let removed = 0;
  for (const adoption of data.adoptions) removed += (await adoptions.remove(adoption)) === "done" ? 1 : 0;
  const subjects = [...data.audits.map(({ audit }) => audit), ...data.ofExpiredAudits];
  for (const subject of subjects) removed += await auditRemoval.remove(subject);
  return removed;
}
