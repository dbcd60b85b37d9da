import type { IssuerShard } from "../core/shared/lanes.ts";
import type { BandCursor, PollCursors } from "../core/tracking/ports.ts";

/** The cursors of an issuer's shard, held in memory during a tick and written now and then. */
export interface ShardCursors {
  /**
   * A band's cursor. One from the future stops its band (`undefined`) until the clock has caught up, unless that would
   * take too long: then the band begins anew.
   */
  usable(band: string, now: number): BandCursor | undefined;
  set(band: string, cursor: BandCursor): void;
  /** Sets a cursor that is not worth a write: without it the same nothing is looked for again. */
  setUnsaved(band: string, cursor: BandCursor): void;
  /** Writes what is worth it; `stale` if a later poller has the shard. */
  save(): Promise<"done" | "stale">;
  /** How many bands have begun anew. */
  clockResets(): number;
}

/** A clock that is set back further than this has been wrong before or is wrong now. */
const largestSetbackMs = 5 * 60_000;

/** Reads the cursors of an issuer's shard, to be saved under a lease's generation. */
export async function openShardCursors(store: PollCursors, of: IssuerShard, generation: number): Promise<ShardCursors> {
  const cursors = new Map(Object.entries(await store.read(of)));
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
      isWorthSaving = true;
    },
    setUnsaved(band, cursor) {
      cursors.set(band, cursor);
    },
    async save() {
      if (!isWorthSaving) return "done";
      isWorthSaving = false;
      return store.save(of, generation, Object.fromEntries(cursors));
    },
    clockResets: () => clockResets,
  };
}
