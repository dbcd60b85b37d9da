import type { IssuerDirectory } from "../../../functions/core/audits/ports.ts";
import type { OpenCircuitStore } from "../../../functions/core/tracking/ports.ts";
import { copyOf, type MemoryState } from "./state.ts";

/** The directory of issuers in memory. */
export function memoryIssuers({ issuers }: Pick<MemoryState, "issuers">): IssuerDirectory {
  return {
    async add(organizationId) {
      issuers.add(organizationId);
    },
    async list() {
      return [...issuers].sort();
    },
  };
}

/** Open circuits in memory. */
export function memoryOpenCircuits({ openCircuits }: Pick<MemoryState, "openCircuits">): OpenCircuitStore {
  return {
    async list() {
      return [...openCircuits.values()].map(copyOf);
    },
    async record(openCircuit) {
      const { organizationId, pausedUntil } = openCircuit;
      const stored = openCircuits.get(organizationId);
      if (stored !== undefined && stored.pausedUntil > pausedUntil) return;
      openCircuits.set(organizationId, { ...openCircuit, since: stored?.since ?? openCircuit.since });
    },
    async clear({ organizationId, since, pausedUntil }) {
      const stored = openCircuits.get(organizationId);
      if (stored?.since === since && stored.pausedUntil === pausedUntil) openCircuits.delete(organizationId);
    },
  };
}
