import type { IssuerDirectory } from "../../functions/core/ports.ts";
import type { MemoryState } from "./memory-state.ts";

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
