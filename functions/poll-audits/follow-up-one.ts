import type { Audit } from "../core/audits/audit.ts";
import { changeStoredAudit } from "../core/audits/change-stored-audit.ts";
import type { AuditStore } from "../core/audits/ports.ts";
import type { KardRewards } from "../core/kard/ports.ts";
import { type EarnedReward, rewardsOf } from "../core/kard/rewards.ts";
import { publishBestEffort } from "../core/publishing/publish-best-effort.ts";
import type { PublishDeps } from "../core/publishing/publish-events.ts";
import type { Clock } from "../core/shared/ports.ts";
import { isSameText } from "../core/shared/text.ts";
import { afterRewards, followUpStep, promiseOf, type RewardRead, rewardedUser } from "../core/tracking/follow-up.ts";
import type { LaneRow } from "../core/tracking/ports.ts";
import type { IssuerCalls } from "./kard/kard-calls.ts";
import { classifyResponse } from "./kard/kard-response.ts";
import type { TickCounts } from "./tick-counts.ts";
import { type RowResult, unprocessedRow } from "./work-page.ts";

export interface FollowUpOneDeps extends Omit<PublishDeps, "audits"> {
  audits: AuditStore;
  kard: KardRewards;
  clock: Clock;
}

const unreadable: RewardRead = { unreadableForMs: 0 };

/**
 * The maximum number of pages of rewards that are read for one audit. If its transaction is not in them, its follow-up
 * ends.
 */
const maxPages = 20;

/** Does the next step of one audit in lane FOLLOWUP: reads its transaction's reward at Kard and stores what follows. */
export function followUpOne(deps: FollowUpOneDeps, calls: IssuerCalls) {
  return async (row: LaneRow): Promise<RowResult> => {
    if (calls.isStopped("follow-up")) return unprocessedRow;
    const seen = await deps.audits.get(row);
    if (seen === undefined || !isDue(seen, deps.clock())) return { row: "done", counts: {}, errors: [] };
    const step = followUpStep(seen, deps.clock());
    const read = step === "nothing" ? "too-many" : await readReward(deps, calls, seen);
    if (read === "stopped") return unprocessedRow;
    const change = (audit: Audit) => {
      if (!isDue(audit, deps.clock())) return audit;
      if (read === "too-many") return afterRewards(audit, "nothing", unreadable, deps.clock());
      return afterRewards(audit, step, read, deps.clock());
    };
    const stored = await changeStoredAudit(deps.audits, row, ["status", "sequence", "laneAt"], change, seen);
    if (stored === undefined || stored.after === stored.before) return { row: "done", counts: {}, errors: [] };
    const errors: unknown[] = [];
    if (stored.after.sequence > stored.before.sequence) {
      await publishBestEffort({ ...deps, reportError: (error) => errors.push(error) })(stored.after);
    }
    return { row: "done", counts: countsOf(stored.after), errors };
  };
}

function isDue({ lane, laneAt = 0 }: Audit, now: number): boolean {
  return lane === "FOLLOWUP" && laneAt <= now;
}

/** Searches a user's rewards for the audit's transaction, page by page. Each page is a call in its turn. */
async function readReward(
  { kard }: FollowUpOneDeps,
  calls: IssuerCalls,
  audit: Audit,
): Promise<RewardRead | "stopped" | "too-many"> {
  const promise = promiseOf(audit);
  const userId = rewardedUser(audit);
  if (promise === undefined || userId === undefined) return unreadable;
  let pages = 0;
  for (const status of rewardsOf[promise]) {
    let after: string | undefined;
    do {
      if (++pages > maxPages) return "too-many";
      const page = () => kard.getEarnedRewards(audit.organizationId, userId, status, after);
      const response = await calls.call("follow-up", page, classifyResponse);
      if (response === "stopped") return "stopped";
      if (response.outcome === "throttled") return { unreadableForMs: response.retryAfterMs ?? 0 };
      if (response.outcome !== "page") return unreadable;
      const found = response.rewards.find((reward) => isOf(audit, reward));
      if (found !== undefined) return { found };
      after = response.next;
    } while (after !== undefined);
  }
  return { found: undefined };
}

function isOf({ request }: Audit, { transactionId }: EarnedReward): boolean {
  return isSameText(request.transactionId, transactionId);
}

function countsOf({ fulfilment }: Audit): Partial<TickCounts> {
  switch (fulfilment) {
    case "fulfilled":
      return { fulfilled: 1 };
    case "unfulfilled":
      return { unfulfilled: 1 };
    case "unknown":
      return { followUpsUnknown: 1 };
    case "pending":
    case undefined:
      return {};
  }
}
