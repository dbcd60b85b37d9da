import type { IssuerShard } from "../core/shared/lanes.ts";
import type { BandCursor, PollCursors } from "../core/tracking/ports.ts";

/** The cursors of an issuer's shard, kept in memory during a tick and saved from time to time. */
export interface ShardCursors {
  /**
   * Returns a band's cursor. A cursor slightly in the future stops its band (`undefined`) until the clock has caught
   * up; one further in the future starts the band again.
   */
  usable(band: string, now: number): BandCursor | undefined;
  set(band: string, cursor: BandCursor): void;
  /**
   * Sets a cursor for this tick only. The next tick reads the same empty windows again. Within the band's gap they grow
   * together into one.
   */
  setUnsaved(band: string, cursor: BandCursor): void;
  /** Saves changed cursors; `stale` if a later poller has the shard. */
  save(): Promise<"done" | "stale">;
  /** How many bands started again because of the clock. */
  clockResets(): number;
}

/** If the clock is set back further than this, it was or is wrong. */
const largestSetbackMs = 5 * 60_000;

/** Reads the cursors of an issuer's shard. They are saved under the lease's generation. */
export async function openShardCursors(store: PollCursors, of: IssuerShard, generation: number): Promise<ShardCursors> {
  const saved = new Map(Object.entries(await store.read(of)));
  const cursors = new Map(saved);
  let isWorthSaving = false;
  let clockResets = 0;
  return {
    usable(band, now) {
      const cursor = cursors.get(band) ?? {};
      const ahead = (cursor.until ?? cursor.since ?? now) - now;
      if (ahead <= 0) return cursor;
      if (ahead <= largestSetbackMs) return undefined;
      clockResets++;
      return {};
    },
    set(band, cursor) {
      cursors.set(band, cursor);
      saved.set(band, cursor);
      isWorthSaving = true;
    },
    setUnsaved(band, cursor) {
      cursors.set(band, cursor);
    },
    async save() {
      if (!isWorthSaving) return "done";
      isWorthSaving = false;
      return store.save(of, generation, Object.fromEntries(saved));
    },
    clockResets: () => clockResets,
  };
}
