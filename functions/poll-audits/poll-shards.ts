import type { IssuerDirectory } from "../core/audits/ports.ts";
import { type RateLimiter, rateLimiter } from "../core/shared/rate-limiter.ts";
import type { OpenCircuit, PollLeases } from "../core/tracking/ports.ts";
import { boundedReads } from "./bounded-reads.ts";
import { kardCalls } from "./kard/kard-calls.ts";
import type { LeasedShard } from "./leased-shard.ts";
import { type IssuerResult, type PollIssuerDeps, pollIssuer } from "./poll-issuer.ts";
import { sumOf, type TickCounts } from "./tick-counts.ts";

export interface PollShardsDeps extends PollIssuerDeps {
  issuers: Pick<IssuerDirectory, "list">;
  leases: PollLeases;
  /** This poller's share of Kard's rate limit, per credential. */
  callsPerSecond: number;
  sleep: (ms: number) => Promise<unknown>;
  /** Identifies this function's environment, which runs one tick at a time. */
  holder: string;
}

/** The result of a tick. */
export interface Tick extends TickCounts {
  /** The number of leased shards. */
  shards: number;
  /** Shards that another poller took over during the tick. */
  leasesLost: number;
  /**
   * The lag in milliseconds: how long the most delayed audit that was due at the start and not polled had been due at
   * the end; 0 if all were polled. Issuers with an open circuit are excluded.
   */
  lagMs: number;
  /** The issuer of that audit. */
  mostBelated?: string | undefined;
  /** The used share of the allowed calls, from 0 to 1, of the busiest credential. */
  rateUsed: number;
  /** Absent if all due work is done, except for issuers with an open circuit. */
  stopped?: "time-is-up" | undefined;
  inTrouble: OpenCircuit[];
  /** The collected errors. */
  errors: readonly unknown[];
}

const minute = 60_000;
const leaseMs = 58_000;
/** The time between the stop and the end of the lease, in milliseconds. */
const leaseReserveMs = 10_000;
const callsAtOnce = 64;
const readsAtOnce = 40;
/** A tick has time for this many pages of a shard, so that lanes and bands take turns. */
const pagesPerTick = 20;
const maxRowsPerPage = 1_000;

/**
 * Runs one tick of a poller: leases its shards and does the work of every issuer in them. An error in one place does
 * not affect the others. It stops in time and keeps its position.
 *
 * @param stopAt nothing new starts after this time (epoch milliseconds); no call is in flight when the promise resolves
 */
export function pollShards(deps: PollShardsDeps) {
  return async (shards: readonly number[], stopAt: number): Promise<Tick> => {
    const now = deps.clock();
    const until = Math.min(stopAt, now + leaseMs - leaseReserveMs);
    const callsAllowed = (deps.callsPerSecond * Math.max(until - now, 0)) / 1_000;
    const errors: unknown[] = [];
    const collectError = (error: unknown) => void errors.push(error);

    const [leasedShards, issuers, openCircuits] = await Promise.all([
      takeShards(deps, shards, now, collectError),
      deps.issuers.list().catch(collectError),
      deps.openCircuits.list().catch(collectError),
    ]);
    const seen = new Map((openCircuits ?? []).map((openCircuit) => [openCircuit.organizationId, openCircuit]));
    const limiters = new Map<string, RateLimiter>();
    const tick = {
      ...{ now, leasedShards, kardCalls: kardCalls({ ...deps, callsAtOnce, stopAt: until }) },
      limiterOf: (credentialId: string) => {
        const limiter = limiters.get(credentialId) ?? rateLimiter(deps.callsPerSecond);
        limiters.set(credentialId, limiter);
        return limiter;
      },
      pageSize: Math.max(1, Math.min(maxRowsPerPage, Math.ceil(callsAllowed / leasedShards.length / pagesPerTick))),
      rowsAtOnce: Math.ceil(callsAtOnce / leasedShards.length),
    };
    const bounded = { ...deps, ...boundedReads(deps, readsAtOnce) };
    const poll = (organizationId: string): Promise<IssuerResult> =>
      pollIssuer(bounded, tick, organizationId, seen.get(organizationId)).catch((error: unknown) => ({
        ...{ organizationId, openCircuit: seen.get(organizationId), counts: {}, errors: [error] },
      }));
    const results = await Promise.all(leasedShards.length === 0 ? [] : rotated(issuers ?? [], now).map(poll));
    await Promise.all(leasedShards.map(({ lease }) => deps.leases.release(lease).catch(collectError)));

    const done = sumOf(results);
    const inTrouble = results.flatMap(({ openCircuit }) => openCircuit ?? []);
    const belated = mostBelated(results);
    return {
      ...done.counts,
      shards: leasedShards.length,
      leasesLost: leasedShards.filter(({ isLost }) => isLost).length,
      lagMs: belated === undefined ? 0 : deps.clock() - (belated.backlogSince ?? now),
      mostBelated: belated?.organizationId,
      rateUsed:
        callsAllowed === 0 ? 0 : Math.max(0, ...[...limiters.values()].map((each) => each.taken())) / callsAllowed,
      stopped: tick.kardCalls.ranOutOfTime() ? "time-is-up" : undefined,
      inTrouble,
      errors: [...errors, ...done.errors],
    };
  };
}

async function takeShards(
  { leases, holder }: PollShardsDeps,
  shards: readonly number[],
  now: number,
  collectError: (error: unknown) => void,
): Promise<LeasedShard[]> {
  const taken = await Promise.all(
    rotated(shards, now).map((shard) => leases.take(shard, holder, now, now + leaseMs).catch(collectError)),
  );
  return taken.flatMap((lease) => (lease ? [{ lease, isLost: false }] : []));
}

/** Rotates a list by one place each minute, so that the same items are not always last if a tick is too short. */
function rotated<Item>(list: readonly Item[], now: number): Item[] {
  const from = list.length === 0 ? 0 : Math.floor(now / minute) % list.length;
  return [...list.slice(from), ...list.slice(0, from)];
}

function mostBelated(results: readonly IssuerResult[]): IssuerResult | undefined {
  const late = results.filter(
    ({ backlogSince, openCircuit }) => backlogSince !== undefined && openCircuit === undefined,
  );
  return late.reduce<IssuerResult | undefined>(
    (worst, each) => ((each.backlogSince ?? 0) < (worst?.backlogSince ?? Number.POSITIVE_INFINITY) ? each : worst),
    undefined,
  );
}
