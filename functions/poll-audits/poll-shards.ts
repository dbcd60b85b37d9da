import type { PollPlan } from "../core/poll-plan.ts";
import type { AuditLanes, IssuerDirectory, PollLease, PollLeases } from "../core/ports.ts";
import { type KardGate, kardGate, type StopReason } from "./kard-gate.ts";
import { type PollOneDeps, pollOne } from "./poll-one.ts";
import { type RowWork, workPage } from "./row-work.ts";
import { type SubmitOneDeps, submitOne } from "./submit-one.ts";
import { emptyTally, noteLeft, type Tally } from "./tally.ts";
import { workLane } from "./work-lane.ts";
import { workPlan } from "./work-plan.ts";

export interface PollShardsDeps extends PollOneDeps, SubmitOneDeps {
  kard: PollOneDeps["kard"] & SubmitOneDeps["kard"];
  issuers: Pick<IssuerDirectory, "list">;
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
export interface Tick extends Omit<Tally, "leftSince"> {
  /** How many shards it had. */
  shards: number;
  /**
   * How long the most belated of the audits that were due when the tick began, and that it has not polled, had been due
   * when it ended, in milliseconds; 0 if it has polled them all.
   */
  lagMs: number;
  /** How much it used of the calls that the rate allowed in its time: 0 is none, 1 is all. */
  rateUsed: number;
  stopped?: StopReason | undefined;
}

const leaseMs = 58_000;
/** What was begun before the stop ends this long before the lease does. */
const leaseReserveMs = 10_000;
const callsAtOnce = 64;
const mostRowsPerPage = 1_000;

/** The plan, rechecks and submissions share a tick evenly: a page of each band fits well into the plan's third. */
const bandPagesPerTick = 4;

/**
 * One tick of a poller: takes its shards and polls what the plan makes due in each, while it looks again at what failed
 * and submits what waits. Whatever goes wrong in one place leaves the others alone. Stops in time and keeps its place.
 *
 * @param stopAt epoch milliseconds after which nothing new is begun; no call is under way when the promise settles
 */
export function pollShards(deps: PollShardsDeps) {
  return async (shards: readonly number[], stopAt: number): Promise<Tick> => {
    const now = deps.clock();
    const tally = emptyTally();
    const until = Math.min(stopAt, now + leaseMs - leaseReserveMs);
    const gate = kardGate({ ...deps, callsAtOnce, stopAt: until });
    const callsAllowed = (deps.callsPerSecond * Math.max(until - now, 0)) / 1_000;
    const callsPerShard = callsAllowed / shards.length;
    const orNote = (error: unknown) => void tally.errors.push(error);

    const taken = await Promise.all(
      shards.map((shard) => deps.leases.take(shard, deps.holder, now, now + leaseMs).catch(orNote)),
    );
    const leases = taken.filter((lease) => lease !== undefined);
    // What waits for its turn costs memory, and so time: a shard begins no more than its share of the calls.
    const rowsAtOnce = Math.ceil(callsAtOnce / leases.length);
    const issuers = (await deps.issuers.list().catch(orNote)) ?? [];
    const work = leases.flatMap((lease) =>
      issuers.map((organizationId) =>
        workShard(deps, { lease, organizationId, gate, tally, now, callsPerShard, rowsAtOnce }),
      ),
    );
    const plans = Promise.all(work.map(({ plan }) => plan().catch(orNote)));
    // An audit in trouble is not to be the first that is asked for, unless there is no other.
    await Promise.race([gate.opened, plans]);
    await Promise.all([plans, ...work.flatMap(({ lanes }) => lanes().map((lane) => lane.catch(orNote)))]);

    const pausedUntil = tally.retryAfterMs > 0 ? deps.clock() + tally.retryAfterMs : undefined;
    await Promise.all(leases.map((lease) => deps.leases.release(lease, pausedUntil).catch(orNote)));
    const { leftSince, ...done } = tally;
    const lagMs = leftSince === undefined ? 0 : deps.clock() - leftSince;
    const rateUsed = callsAllowed === 0 ? 0 : gate.calls() / callsAllowed;
    return { ...done, shards: leases.length, lagMs, rateUsed, stopped: gate.stopReason() };
  };
}

interface ShardOptions {
  lease: PollLease;
  organizationId: string;
  gate: KardGate;
  tally: Tally;
  now: number;
  /** How many calls the rate allows a shard in this tick. */
  callsPerShard: number;
  /** How many rows of a page a shard works on at once. */
  rowsAtOnce: number;
}

/** The work of one shard: its plan, and its lanes RECHECK and SUBMIT. All of it ends once another poller has it. */
function workShard(deps: PollShardsDeps, options: ShardOptions) {
  const { lease, organizationId, gate, tally, now, callsPerShard, rowsAtOnce } = options;
  const sized = (rows: number) => Math.max(1, Math.min(mostRowsPerPage, Math.ceil(rows)));
  const bandPage = sized(callsPerShard / deps.pollPlan.bands.length / bandPagesPerTick);
  const page = workPage(deps, tally, rowsAtOnce);
  let held = true;
  const whileHeld =
    (work: RowWork): RowWork =>
    async (row) =>
      held && (await work(row));

  return {
    async plan() {
      const poll = pollOne(deps, gate, tally, "OPEN");
      if (
        (await workPlan({ ...deps, lease, organizationId, gate, tally, now, page, poll, pageSize: bandPage })) ===
        "done"
      )
        return;
      held = false;
      tally.leasesLost++;
    },
    lanes() {
      const work = workLane({
        ...deps,
        of: { organizationId, shard: lease.shard },
        gate,
        page,
        now,
        pageSize: sized(callsPerShard),
      });
      const recheck = async () =>
        noteLeft(tally, await work("RECHECK", whileHeld(pollOne(deps, gate, tally, "RECHECK"))));
      return [recheck(), work("SUBMIT", whileHeld(submitOne(deps, gate, tally)))];
    },
  };
}
