import type { Audit } from "../../../functions/core/audits/audit.ts";
import { isDoneWith } from "../../../functions/core/audits/audit-expiry.ts";
import type { AuditRemoval } from "../../../functions/core/audits/ports.ts";
import type { AdoptionStore } from "../../../functions/core/tracking/ports.ts";
import type { UserData } from "./find-user-data.ts";

/** The audits that Kard has yet to close, that are not published, or whose webhooks are not delivered yet. */
export function openAudits({ audits }: UserData): Audit[] {
  return audits
    .filter(
      ({ audit, notifications }) => !isDoneWith(audit) || notifications.some(({ status }) => status === "pending"),
    )
    .map(({ audit }) => audit);
}

export interface EraseDeps {
  auditRemoval: AuditRemoval;
  adoptions: Pick<AdoptionStore, "remove">;
}

/**
 * Deletes what was found of a user, an audit at a time; gives how many rows that were. The adoptions go first, so
 * that none of them brings an audit back.
 */
export async function eraseUserData({ auditRemoval, adoptions }: EraseDeps, data: UserData): Promise<number> {
  let removed = 0;
  for (const adoption of data.adoptions) removed += (await adoptions.remove(adoption)) === "done" ? 1 : 0;
  const subjects = [...data.audits.map(({ audit }) => audit), ...data.leftBehind];
  for (const subject of subjects) removed += await auditRemoval.remove(subject);
  return removed;
}
