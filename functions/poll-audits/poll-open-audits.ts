import { settleAll } from "../core/shared/settle-all.ts";
import type { Band } from "../core/tracking/poll-plan.ts";
import type { PollCursors } from "../core/tracking/ports.ts";
import { type BandPass, type BandPassOptions, bandPass } from "./band-pass.ts";
import type { IssuerCalls } from "./kard/kard-calls.ts";
import type { LeasedShard } from "./leased-shard.ts";
import { openShardCursors, type ShardCursors } from "./shard-cursors.ts";
import { earliest, sumOf, type WorkResult } from "./tick-counts.ts";
import type { PageResult, RowWork } from "./work-page.ts";

export interface PollOpenAuditsOptions extends Omit<BandPassOptions, "oldest" | "cursors"> {
  cursors: PollCursors;
  leased: LeasedShard;
  calls: IssuerCalls;
  clock: () => number;
  workPage(rows: Parameters<BandPass["advance"]>[0], work: RowWork): Promise<PageResult>;
  poll: RowWork;
}

/** The interval at which the cursors are saved during a tick, in milliseconds. A crash repeats the polls since then. */
const saveEveryMs = 10_000;

/**
 * Polls the due audits of an issuer in a shard. Bands take turns, youngest first, one page per turn, so a backlog of
 * old audits never delays new ones. The position is kept for the next tick. Without open audits it costs one read and
 * no writes.
 */
export async function pollOpenAudits(options: PollOpenAuditsOptions): Promise<WorkResult> {
  const { lanes, of, leased } = options;
  const oldest = await lanes.oldestOpen(of);
  if (oldest === undefined) return { counts: {}, errors: [] };
  const cursors = await openShardCursors(options.cursors, of, leased.lease.generation);
  const plan = options.pollPlan.bands;
  const begin = (band: Band) => bandPass({ ...options, oldest, cursors }, band);
  const passes = plan.flatMap((band) => begin(band) ?? []);
  const taken = await takeTurns(options, passes, begin, cursors);
  const saved = await save(cursors, leased);
  const parts = [...taken, saved, { counts: { clockResets: cursors.clockResets() }, errors: [] }];
  return sumOf(parts);
}

/** Polls one page of each pass in turn, until all are done or calls are stopped. */
async function takeTurns(
  options: PollOpenAuditsOptions,
  passes: BandPass[],
  begin: (band: Band) => BandPass | undefined,
  cursors: ShardCursors,
): Promise<WorkResult[]> {
  const { calls, leased, clock } = options;
  const parts: WorkResult[] = [];
  const brokenOff: BandPass[] = [];
  let savedAt = clock();
  const queue = [...passes];
  for (let pass = queue.shift(); pass !== undefined; pass = queue.shift()) {
    if (calls.isStopped("plan") || leased.isLost) {
      brokenOff.push(pass);
      continue;
    }
    const turn = await takeTurn(options, pass);
    parts.push(turn);
    if (turn.pass === "under-way") queue.push(pass);
    if (turn.pass === "done") queue.push(...[begin(pass.band) ?? []].flat());
    if (turn.pass === "broken-off") brokenOff.push(pass);
    if (clock() - savedAt < saveEveryMs) continue;
    savedAt = clock();
    parts.push(await save(cursors, leased));
  }
  // The lag of an issuer with an open circuit is not measured: its cause is known.
  if (!leased.isLost && calls.breaker.state() !== "open") parts.push(await lagOf(brokenOff));
  return parts;
}

interface Turn extends WorkResult {
  pass: "under-way" | "done" | "broken-off";
}

async function takeTurn({ workPage, poll }: PollOpenAuditsOptions, pass: BandPass): Promise<Turn> {
  try {
    const { rows, errors } = await pass.nextPage();
    if (rows.length === 0) {
      pass.finish();
      return { pass: "done", counts: {}, errors };
    }
    const page = await workPage(rows, poll);
    const finished = finishedRows(page.rows);
    pass.advance(rows.slice(0, finished));
    return {
      pass: finished < rows.length ? "broken-off" : "under-way",
      counts: page.counts,
      errors: [...errors, ...page.errors],
    };
  } catch (error) {
    return { pass: "broken-off", counts: {}, errors: [error] };
  }
}

/**
 * The number of finished rows at the start of a page. A broken first row, where the last tick stopped, is skipped,
 * because it must not block the lane.
 */
function finishedRows([first, ...others]: PageResult["rows"]): number {
  if (first === "unprocessed") return 0;
  const unfinished = others.findIndex((row) => row !== "done");
  return 1 + (unfinished === -1 ? others.length : unfinished);
}

async function save(cursors: ShardCursors, leased: LeasedShard): Promise<WorkResult> {
  try {
    if ((await cursors.save()) === "stale") leased.isLost = true;
    return { counts: {}, errors: [] };
  } catch (error) {
    return { counts: {}, errors: [error] };
  }
}

async function lagOf(passes: readonly BandPass[]): Promise<WorkResult> {
  const { values, failures } = await settleAll(passes, (pass) => pass.dueSince());
  return { counts: {}, errors: failures, backlogSince: earliest(values) };
}
