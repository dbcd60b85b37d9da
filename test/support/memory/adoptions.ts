import type { AdoptionStore } from "../../../functions/core/tracking/ports.ts";
import { copyOf, type MemoryState, nameOf } from "./state.ts";

/** Pending adoptions in memory. */
export function memoryAdoptions({ adoptions, issuers }: Pick<MemoryState, "adoptions" | "issuers">): AdoptionStore {
  return {
    async add(adoption) {
      issuers.add(adoption.organizationId);
      const name = nameOf(adoption.organizationId, adoption.kardAuditId);
      const stored = adoptions.get(name) ?? copyOf(adoption);
      adoptions.set(name, stored);
      return copyOf(stored);
    },

    async get({ organizationId, kardAuditId }) {
      const stored = adoptions.get(nameOf(organizationId, kardAuditId));
      return stored === undefined ? undefined : copyOf(stored);
    },

    async postpone(seen, { attempts, laneAt }) {
      const name = nameOf(seen.organizationId, seen.kardAuditId);
      const stored = adoptions.get(name);
      if (stored?.laneAt !== seen.laneAt) return "stale";
      adoptions.set(name, { ...stored, attempts, laneAt });
      return "done";
    },

    async remove(seen) {
      const name = nameOf(seen.organizationId, seen.kardAuditId);
      const stored = adoptions.get(name);
      if (stored?.createdAt !== seen.createdAt || stored.laneAt !== seen.laneAt) return "stale";
      adoptions.delete(name);
      return "done";
    },
  };
}
