import type { KardCredentials } from "../core/kard/ports.ts";
import type { DueLane } from "../core/shared/lanes.ts";
import type { RateLimiter } from "../core/shared/rate-limiter.ts";
import { isAdoption } from "../core/tracking/adoption.ts";
import type { PollPlan } from "../core/tracking/poll-plan.ts";
import type { AuditLanes, DueRow, OpenCircuit, OpenCircuitStore, PollCursors } from "../core/tracking/ports.ts";
import { type AdoptOneDeps, adoptOne } from "./adopt-one.ts";
import { type FollowUpOneDeps, followUpOne } from "./follow-up-one.ts";
import type { KardCalls } from "./kard/kard-calls.ts";
import { type Caller, circuitBreaker } from "./kard/kard-circuit-breaker.ts";
import { probeIssuer } from "./kard/probe-issuer.ts";
import { saveCircuit } from "./kard/save-circuit.ts";
import type { LeasedShard } from "./leased-shard.ts";
import { type PollOneDeps, pollOne } from "./poll-one.ts";
import { pollOpenAudits } from "./poll-open-audits.ts";
import { type SubmitOneDeps, submitOne } from "./submit-one.ts";
import { sumOf, type WorkResult } from "./tick-counts.ts";
import { workDueRows } from "./work-due-rows.ts";
import { type RowWork, unprocessedRow, workPage } from "./work-page.ts";

export interface PollIssuerDeps extends PollOneDeps, SubmitOneDeps, AdoptOneDeps, FollowUpOneDeps {
  kard: PollOneDeps["kard"] & SubmitOneDeps["kard"] & FollowUpOneDeps["kard"];
  credentials: KardCredentials;
  openCircuits: OpenCircuitStore;
  lanes: AuditLanes;
  cursors: PollCursors;
  pollPlan: PollPlan;
}

/** What the issuers of a tick share. */
export interface TickContext {
  /** The start of the tick. */
  now: number;
  leasedShards: readonly LeasedShard[];
  kardCalls: KardCalls;
  limiterOf(credentialId: string): RateLimiter;
  pageSize: number;
  /** How many rows of a page are processed at once. */
  rowsAtOnce: number;
}

export interface IssuerResult extends WorkResult {
  organizationId: string;
  /** Its open circuit, if any. */
  openCircuit: OpenCircuit | undefined;
}

/**
 * Does all work of an issuer in a tick's shards: polls due audits, rechecks failed ones, retries submissions and
 * adoptions, and then makes follow-ups, if they are turned on. An error of one issuer does not affect others.
 *
 * @param seen the open circuit that the last tick left; then one call probes the issuer until Kard answers
 */
export async function pollIssuer(
  deps: PollIssuerDeps,
  tick: TickContext,
  organizationId: string,
  seen: OpenCircuit | undefined,
): Promise<IssuerResult> {
  if (seen !== undefined && seen.pausedUntil > tick.now) {
    return { organizationId, openCircuit: seen, counts: {}, errors: [] };
  }
  const { credentialId } = await deps.credentials.credentialIdentityFor(organizationId);
  const breaker = circuitBreaker({ wasOpen: seen !== undefined });
  const calls = tick.kardCalls.open({ breaker, limiter: tick.limiterOf(credentialId) });
  const ofShard = (leased: LeasedShard) => ({
    ...{ ...deps, ...tick, leased, calls, of: { organizationId, shard: leased.lease.shard } },
    workPage: workPage(deps, tick.rowsAtOnce),
  });
  const adopt = adoptOne(deps, calls);
  const whileLeased =
    (leased: LeasedShard, work: RowWork): RowWork<DueRow> =>
    async (row) => {
      if (leased.isLost) return unprocessedRow;
      return isAdoption(row) ? adopt(row) : work(row);
    };

  const poll = pollOne(deps, calls, "OPEN");
  const plans = Promise.all(
    tick.leasedShards.map((leased) => withoutThrowing(pollOpenAudits({ ...ofShard(leased), poll }))),
  );
  // An audit that has failed before should not be the probe, unless there is no other.
  await Promise.race([breaker.decided, plans]);
  const work = (leased: LeasedShard, caller: Caller, lane: DueLane, one: RowWork) =>
    withoutThrowing(workDueRows({ ...ofShard(leased), caller }, lane, whileLeased(leased, one)));
  const retries = tick.leasedShards.flatMap((leased) => [
    work(leased, "retry", "RECHECK", pollOne(deps, calls, "RECHECK")),
    work(leased, "retry", "SUBMIT", submitOne(deps, calls)).then(withoutLag),
  ]);
  const parts = [...(await plans), ...(await Promise.all(retries))];
  if (deps.followUpAfterMs !== undefined) {
    const followUp = followUpOne(deps, calls);
    const followUps = tick.leasedShards.map((leased) => work(leased, "follow-up", "FOLLOWUP", followUp));
    parts.push(...(await Promise.all(followUps)).map(withoutLag));
  }
  const isDecided = breaker.state() !== "probing";
  const probed = seen === undefined || isDecided ? undefined : await probeIssuer(deps, calls, organizationId);
  if (probed !== undefined) parts.push(probed);
  const settled = await saveCircuit(deps, { organizationId, seen, breaker, isIdle: probed?.isIdle === true });
  return { ...sumOf([...parts, settled]), organizationId, openCircuit: settled.openCircuit };
}

/** Turns an error of one part into a result, so that the others continue. */
function withoutThrowing(work: Promise<WorkResult>): Promise<WorkResult> {
  return work.catch((error: unknown) => ({ counts: {}, errors: [error] }));
}

/** A retried submission has no lag: its first call was made when it was created. A follow-up is not urgent. */
function withoutLag({ counts, errors }: WorkResult): WorkResult {
  return { counts, errors };
}
