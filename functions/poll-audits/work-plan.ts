import type { Band } from "../core/poll-plan.ts";
import { type BandPass, type BandPassOptions, bandPass } from "./band-pass.ts";
import type { KardGate } from "./kard-gate.ts";
import type { RowOutcome, RowWork, workPage } from "./row-work.ts";
import { noteLeft } from "./tally.ts";

export interface WorkPlanOptions extends Omit<BandPassOptions, "oldest"> {
  gate: KardGate;
  page: ReturnType<typeof workPage>;
  poll: RowWork;
}

/**
 * Polls what the plan makes due in a shard, youngest bands first and a page a band in turn, so that a backlog of old
 * audits never delays a fresh one. It keeps its place after each page.
 *
 * @returns whether the shard is still this poller's
 */
export async function workPlan(options: WorkPlanOptions): Promise<"done" | "stale"> {
  const { lanes, lease, organizationId, gate, pollPlan, tally } = options;
  const oldest = await lanes.oldestOpen({ organizationId, shard: lease.shard });
  if (oldest === undefined) return "done";
  const begin = (band: Band) => bandPass({ ...options, oldest }, band) ?? [];
  const brokenOff: BandPass[] = [];
  let passes = pollPlan.bands.flatMap(begin);

  /** Polls a page; returns the passes that its band has still to go through in this tick. */
  const takeTurn = async (pass: BandPass): Promise<BandPass[] | "stale"> => {
    const rows = await pass.nextPage();
    if (rows.length === 0) return (await pass.finish()) === "stale" ? "stale" : [begin(pass.band)].flat();
    const finished = contiguous(await options.page(rows, options.poll));
    if ((await pass.keep(rows.slice(0, finished))) === "stale") return "stale";
    if (finished < rows.length) brokenOff.push(pass);
    return finished < rows.length ? [] : [pass];
  };
  const breakOff = (pass: BandPass) => (error: unknown) => {
    tally.errors.push(error);
    brokenOff.push(pass);
    return [];
  };

  try {
    while (passes.length > 0 && gate.stopReason() === undefined) {
      for (const pass of passes) {
        if (gate.stopReason() !== undefined) break;
        const goOn = await takeTurn(pass).catch(breakOff(pass));
        if (goOn === "stale") return "stale";
        passes = passes.flatMap((other) => (other === pass ? goOn : other));
      }
    }
    for (const pass of [...passes, ...brokenOff]) noteLeft(tally, await pass.dueSince());
    return "done";
  } finally {
    await Promise.all([...passes, ...brokenOff].map((pass) => pass.settled()));
  }
}

/**
 * How many rows from the first are finished. A row that is broken even as the first of a page, where the last tick broke
 * off, is passed over: it must not block the lane.
 */
function contiguous([first, ...others]: RowOutcome[]): number {
  if (first === "left") return 0;
  const unfinished = others.findIndex((outcome) => outcome !== "done");
  return 1 + (unfinished === -1 ? others.length : unfinished);
}
