import type { AuditRemoval } from "../../../infra/commands/users/audit-removal.ts";
import { type MemoryState, nameOf } from "./state.ts";

/** Deletes audits in memory. */
export function memoryAuditRemoval({ audits, kardAuditIds, notifications }: MemoryState): AuditRemoval {
  return {
    async remove({ organizationId, auditId }) {
      const hanging = [...notifications]
        .filter(([, row]) => row.organizationId === organizationId && row.auditId === auditId)
        .map(([name]) => name);
      for (const name of hanging) notifications.delete(name);
      const name = nameOf(organizationId, auditId);
      const kardAuditId = audits.get(name)?.kardAuditId?.toLowerCase() ?? "";
      const owner = kardAuditIds.get(kardAuditId);
      const isOwn = owner?.organizationId === organizationId && owner.auditId === auditId;
      if (isOwn) kardAuditIds.delete(kardAuditId);
      return hanging.length + (isOwn ? 1 : 0) + (audits.delete(name) ? 1 : 0);
    },
  };
}
