import type { IssuerDirectory } from "../../functions/core/audits/ports.ts";
import type { IssuerTroubles } from "../../functions/core/tracking/ports.ts";
import { copyOf, type MemoryState } from "./memory-state.ts";

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

/** The issuers that are in trouble with Kard, in memory. */
export function memoryIssuerTroubles({ troubles }: Pick<MemoryState, "troubles">): IssuerTroubles {
  return {
    async list() {
      return [...troubles.values()].map(copyOf);
    },
    async record(trouble) {
      const { organizationId, pausedUntil } = trouble;
      const stored = troubles.get(organizationId);
      if (stored !== undefined && stored.pausedUntil > pausedUntil) return;
      troubles.set(organizationId, { ...trouble, since: stored?.since ?? trouble.since });
    },
    async clear({ organizationId, since, pausedUntil }) {
      const stored = troubles.get(organizationId);
      if (stored?.since === since && stored.pausedUntil === pausedUntil) troubles.delete(organizationId);
    },
  };
}
