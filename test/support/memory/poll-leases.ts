import type { PollCursors, PollLeases } from "../../../functions/core/tracking/ports.ts";
import { copyOf, type MemoryState, nameOf } from "./state.ts";

/** Poll leases in memory. */
export function memoryPollLeases({ leases }: Pick<MemoryState, "leases">): PollLeases {
  return {
    async take(shard, holder, now, expiresAt) {
      const { generation = 0, ...row } = leases.get(nameOf(shard)) ?? {};
      const isFree = row.holder === undefined || row.holder === holder || (row.heldUntil ?? 0) <= now;
      if (!isFree) return undefined;
      const lease = { shard, holder, generation: generation + 1 };
      leases.set(nameOf(shard), { holder, heldUntil: expiresAt, generation: lease.generation });
      return lease;
    },

    async release({ shard, generation }) {
      if (leases.get(nameOf(shard))?.generation === generation) leases.set(nameOf(shard), { generation });
    },
  };
}

/** Poll cursors in memory. */
export function memoryPollCursors({ cursors }: Pick<MemoryState, "cursors">): PollCursors {
  return {
    async read({ organizationId, shard }) {
      return copyOf(cursors.get(nameOf(organizationId, shard))?.cursors ?? {});
    },
    async save({ organizationId, shard }, generation, saved) {
      const name = nameOf(organizationId, shard);
      if ((cursors.get(name)?.generation ?? 0) > generation) return "stale";
      cursors.set(name, copyOf({ generation, cursors: saved }));
      return "done";
    },
  };
}
