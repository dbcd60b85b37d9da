import type { PollLease, PollLeases } from "../../functions/core/ports.ts";
import { copyOf, type MemoryState, nameOf } from "./memory-state.ts";

/** Pollers' holds on the shards, in memory. */
export function memoryPollLeases({ leases }: MemoryState): PollLeases {
  const ownRow = ({ shard, holder }: PollLease) => {
    const row = leases.get(nameOf(shard));
    return row?.holder === holder ? row : undefined;
  };

  return {
    async take(shard, holder, now, expiresAt) {
      const row = leases.get(nameOf(shard)) ?? { cursors: {} };
      const free = row.holder === undefined || row.holder === holder || (row.heldUntil ?? 0) <= now;
      if (!free || (row.pausedUntil ?? 0) > now) return undefined;
      const { pausedUntil: _pausedUntil, ...rest } = row;
      leases.set(nameOf(shard), { ...rest, holder, heldUntil: expiresAt });
      return { shard, holder, cursors: copyOf(row.cursors) };
    },

    async saveCursor(lease, band, cursor) {
      const row = ownRow(lease);
      if (row === undefined) return "stale";
      row.cursors = { ...row.cursors, [band]: copyOf(cursor) };
      return "done";
    },

    async release(lease, pausedUntil) {
      const row = ownRow(lease);
      if (row === undefined) return;
      delete row.holder;
      delete row.heldUntil;
      if (pausedUntil !== undefined) row.pausedUntil = pausedUntil;
    },
  };
}
