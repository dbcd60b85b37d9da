import type { AuditRemoval } from "../../functions/core/ports.ts";
import { type MemoryState, nameOf } from "./memory-state.ts";

/** Deletes audits in memory. */
export function memoryAuditRemoval({ audits, notifications }: MemoryState): AuditRemoval {
  return {
    async remove({ organizationId, auditId }) {
      const hanging = [...notifications]
        .filter(([, row]) => row.organizationId === organizationId && row.auditId === auditId)
        .map(([name]) => name);
      for (const name of hanging) notifications.delete(name);
      return hanging.length + (audits.delete(nameOf(organizationId, auditId)) ? 1 : 0);
    },
  };
}
