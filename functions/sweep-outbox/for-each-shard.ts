import pMap from "p-map";
import type { IssuerDirectory } from "../core/audits/ports.ts";
import { type IssuerShard, shards } from "../core/shared/lanes.ts";
import type { LanePage } from "../core/shared/ports.ts";

const rowsPerRound = 100;
const readsAtOnce = 16;
const batchesAtOnce = 10;

export interface ForEachShardOptions<Row, Position> {
  issuers: Pick<IssuerDirectory, "list">;
  due(of: IssuerShard, limit: number, after: Position | undefined): Promise<LanePage<Row, Position>>;
  /** How many rows are processed together; one by default. */
  rowsPerBatch?: number;
  /** Processes rows, or throws. If a batch throws, its rows are processed again one by one. */
  work(rows: readonly Row[]): Promise<void>;
  /** Whether nothing new should start. */
  isOver(): boolean;
}

/**
 * Processes the due rows of every shard of every issuer, in rounds. Each round takes up to 100 rows per shard and
 * interleaves them, so no issuer's rows wait for all of another's.
 *
 * @returns the errors of reading shards and processing rows; they do not stop the others
 */
export async function forEachShard<Row, Position>(options: ForEachShardOptions<Row, Position>): Promise<unknown[]> {
  const { due, work, isOver, rowsPerBatch = 1 } = options;
  const failures: unknown[] = [];
  const collectError = (error: unknown) => void failures.push(error);
  const workAlone = async (rows: readonly Row[]) => {
    for (const row of rows) await work([row]).catch(collectError);
  };
  const workOn = (rows: readonly Row[]) =>
    rows.length === 1 ? work(rows).catch(collectError) : work(rows).catch(() => workAlone(rows));
  const issuers = await options.issuers.list();
  let unfinished = shards.flatMap((shard) =>
    issuers.map((organizationId): { of: IssuerShard; after?: Position } => ({ of: { organizationId, shard } })),
  );
  while (unfinished.length > 0 && !isOver()) {
    const read = await pMap(
      unfinished,
      async ({ of, after }) => ({ of, page: await due(of, rowsPerRound, after).catch(collectError) }),
      { concurrency: readsAtOnce },
    );
    const rows = interleaved(read.map(({ page }) => page?.rows ?? []));
    await pMap(batchesOf(rows, rowsPerBatch), async (batch) => isOver() || workOn(batch), {
      concurrency: batchesAtOnce,
    });
    unfinished = read.flatMap(({ of, page }) => (page?.next === undefined ? [] : [{ of, after: page.next }]));
  }
  return failures;
}

/** The first of each list, then the second of each, and so on. */
function interleaved<Row>(lists: readonly Row[][]): Row[] {
  const longest = lists.reduce((most, list) => Math.max(most, list.length), 0);
  return Array.from({ length: longest }, (_, place) => lists.flatMap((list) => list.slice(place, place + 1))).flat();
}

function batchesOf<Row>(rows: readonly Row[], size: number): Row[][] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, batch) =>
    rows.slice(batch * size, (batch + 1) * size),
  );
}
