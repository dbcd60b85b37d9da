import type { Audit } from "../../../functions/core/audits/audit.ts";
import { isDoneWith } from "../../../functions/core/audits/audit-expiry.ts";
import type { AuditRemoval } from "../../../functions/core/audits/ports.ts";
import type { UserData } from "./find-user-data.ts";

/** The audits that Kard has yet to close, that are not published, or whose webhooks are not delivered yet. */
export function openAudits({ audits }: UserData): Audit[] {
  return audits
    .filter(
      ({ audit, notifications }) => !isDoneWith(audit) || notifications.some(({ status }) => status === "pending"),
    )
    .map(({ audit }) => audit);
}

/** Deletes what was found of a user, an audit at a time; gives how many rows that were. */
export async function eraseUserData(removal: AuditRemoval, { audits, leftBehind }: UserData): Promise<number> {
  const subjects = [...audits.map(({ audit }) => audit), ...leftBehind];
  let removed = 0;
  for (const subject of subjects) removed += await removal.remove(subject);
  return removed;
}
