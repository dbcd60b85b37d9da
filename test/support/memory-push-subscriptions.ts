import type { PushSubscriptionStore } from "../../functions/core/ports.ts";
import type { MemoryState } from "./memory-state.ts";

/** The issuers for whom Kard pushes to us, in memory. */
export function memoryPushSubscriptions({ pushSubscriptions }: MemoryState): PushSubscriptionStore {
  return {
    async put(organizationId) {
      pushSubscriptions.add(organizationId);
    },
    async list() {
      return [...pushSubscriptions];
    },
  };
}
