import type { PollPlan } from "../core/poll-plan.ts";
import type { AuditLanes, LaneRow, PollLease, PollLeases } from "../core/ports.ts";
import type { SubmitDeps } from "../core/submit-audit.ts";
import { type BandPass, bandPass } from "./band-pass.ts";
import { type KardGate, kardGate, type StopReason } from "./kard-gate.ts";
import { type PollOneDeps, pollOne } from "./poll-one.ts";
import { submitOne } from "./submit-one.ts";
import { emptyTally, type Tally } from "./tally.ts";

export interface PollShardsDeps extends PollOneDeps, SubmitDeps {
  kard: PollOneDeps["kard"] & SubmitDeps["kard"];
  lanes: AuditLanes;
  leases: PollLeases;
  pollPlan: PollPlan;
  /** This poller's share of Kard's rate limit. */
  callsPerSecond: number;
  sleep: (ms: number) => Promise<unknown>;
  /** Names this function's environment, which runs one tick after the other. */
  holder: string;
}

/** What a tick did and why it ended; `stopped` is absent when all that was due is done. */
export interface Tick extends Tally {
  shards: number;
  stopped?: StopReason | undefined;
}

const leaseMs = 58_000;
const callsAtOnce = 64;
const mostRowsPerPage = 1_000;
const pageSeconds = 10;

/** Rechecks and submissions together take at most this share of a tick, so that they cannot starve the plan. */
const shareOfLanes = 0.5;

/**
 * One tick of a poller: takes its shards, and in each looks again at what failed, submits what waits, and polls what the
 * plan makes due, youngest bands first and a page a band in turn. Stops in time and keeps its place.
 *
 * @param stopAt epoch milliseconds after which nothing new is begun
 */
export function pollShards(deps: PollShardsDeps) {
  return async (shards: readonly number[], stopAt: number): Promise<Tick> => {
    const now = deps.clock();
    const tally = emptyTally();
    const gate = kardGate({ ...deps, callsAtOnce, stopAt });
    const taken = await Promise.all(shards.map((shard) => deps.leases.take(shard, deps.holder, now, now + leaseMs)));
    const leases = taken.filter((lease) => lease !== undefined);
    const budget = Math.ceil(
      (deps.callsPerSecond * (stopAt - now) * shareOfLanes) / 1_000 / Math.max(leases.length, 1),
    );
    await Promise.all(
      leases.map(async (lease) => {
        await workLanes(deps, lease, gate, tally, budget);
        await workPlan(deps, lease, gate, tally);
      }),
    );
    if (tally.retryAfterMs > 0) {
      await Promise.all(leases.map((lease) => deps.leases.pause(lease, deps.clock() + tally.retryAfterMs)));
    }
    return { ...tally, shards: leases.length, stopped: gate.stopReason() };
  };
}

async function workLanes(deps: PollShardsDeps, { shard }: PollLease, gate: KardGate, tally: Tally, budget: number) {
  const limit = Math.min(budget, mostRowsPerPage);
  const now = deps.clock();
  const [rechecks, submissions] = await Promise.all([
    deps.lanes.due("RECHECK", shard, now, limit),
    deps.lanes.due("SUBMIT", shard, now, limit),
  ]);
  const recheck = pollOne({ ...deps }, gate, tally);
  const submit = submitOne(deps, gate, tally);
  for (const row of rechecks) tally.lagMs = Math.max(tally.lagMs, now - row.laneAt);
  await Promise.all([...rechecks.map(recheck), ...submissions.map(submit)]);
}

async function workPlan(deps: PollShardsDeps, lease: PollLease, gate: KardGate, tally: Tally) {
  const oldest = await deps.lanes.oldestOpen(lease.shard);
  if (oldest === undefined) return;
  const pageSize = Math.max(1, Math.min(mostRowsPerPage, Math.floor(deps.callsPerSecond * pageSeconds)));
  const now = deps.clock();
  let passes = deps.pollPlan.bands
    .map((band) => bandPass({ ...deps, lease, band, oldest, now, pageSize }))
    .filter((pass) => pass !== undefined);
  const pages = new Map<BandPass, Promise<LaneRow[]>>(passes.map((pass) => [pass, ahead(pass)]));
  while (passes.length > 0 && gate.stopReason() === undefined) {
    for (const pass of passes) {
      const rows = (await pages.get(pass)) ?? [];
      if (rows.length === 0) {
        await pass.finish();
        passes = passes.filter((other) => other !== pass);
        continue;
      }
      pages.set(pass, ahead(pass));
      const done = await Promise.all(rows.map(pollOne(deps, gate, tally)));
      const unfinished = done.indexOf(false);
      await pass.keep(unfinished === -1 ? rows : rows.slice(0, unfinished));
      if (unfinished !== -1) break;
    }
  }
  await Promise.all(pages.values());
  for (const { dueSince } of passes) tally.lagMs = Math.max(tally.lagMs, deps.clock() - dueSince);
}

/** Reads a page while another is being polled; its failure is felt where the page is used. */
function ahead(pass: BandPass): Promise<LaneRow[]> {
  const page = pass.nextPage();
  page.catch(() => undefined);
  return page;
}
