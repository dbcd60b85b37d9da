import type { KardAuditIds } from "../../../functions/core/audits/ports.ts";
import { copyOf, type MemoryState } from "./state.ts";

/** The owners of Kard's audit ids in memory. */
export function memoryKardAuditIds({ kardAuditIds }: MemoryState): KardAuditIds {
  return {
    async find(kardAuditId) {
      const owner = kardAuditIds.get(kardAuditId.toLowerCase());
      return owner === undefined ? undefined : copyOf(owner);
    },

    async claim(kardAuditId, { organizationId, auditId }) {
      const owner = kardAuditIds.get(kardAuditId.toLowerCase()) ?? { organizationId, auditId };
      kardAuditIds.set(kardAuditId.toLowerCase(), owner);
      return copyOf(owner);
    },
  };
}
