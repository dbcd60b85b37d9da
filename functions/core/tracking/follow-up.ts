import type { Audit, FollowUp } from "../audits/audit.ts";
import { changeAudit } from "../audits/change-audit.ts";
import { type KardPromise, meaningOf } from "../kard/resolution-meanings.ts";
import { type EarnedReward, isKept } from "../kard/rewards.ts";

const minWaitMs = 5 * 60_000;
const maxWaitMs = 24 * 60 * 60_000;

/** For how long Kard is asked after the comparison was due, in milliseconds. */
export const followUpPatienceMs = 7 * 24 * 60 * 60_000;

/** What a closed audit's resolution promises. */
export function promiseOf({ resolution }: Audit): KardPromise | undefined {
  return meaningOf(resolution?.resolutionCode).promise;
}

/** The user whose rewards are compared: Kard's legacy create names the user in the request. */
export function rewardedUser({ userId, request }: Audit): string | undefined {
  return userId ?? request.referringPartnerUserId;
}

/**
 * Puts an audit that was just closed into lane FOLLOWUP, if its resolution promises something. The rewards of an
 * adjusted transaction are read now, too, to compare them later.
 *
 * @param followUpAfterMs the time from the resolution to the comparison, in milliseconds; `undefined` if follow-ups are
 *   turned off
 */
export function withFollowUp(audit: Audit, followUpAfterMs: number | undefined, now: number): Audit {
  const promise = promiseOf(audit);
  if (followUpAfterMs === undefined || promise === undefined || rewardedUser(audit) === undefined) return audit;
  const dueAt = now + followUpAfterMs;
  const laneAt = promise === "adjustment" ? now : dueAt;
  return { ...audit, fulfilment: "pending", followUp: { dueAt }, lane: "FOLLOWUP", laneAt };
}

/** What is read for a due follow-up: `nothing` if it is too late to have something to compare with. */
export function followUpStep(audit: Audit, now: number): "before" | "after" | "nothing" {
  const { dueAt = 0, before } = audit.followUp ?? {};
  if (now < dueAt) return "before";
  return promiseOf(audit) === "adjustment" && before === undefined ? "nothing" : "after";
}

/** The transaction's reward, if there is one; or for how long at least Kard's rewards cannot be read. */
export type RewardRead = { found: EarnedReward | undefined } | { unreadableForMs: number };

/**
 * An audit in lane FOLLOWUP after its rewards were read: with the reward to compare later, with the verdict and its
 * event, or with the next try. Without a readable reward for a week, it ends as `unknown`, without an event.
 *
 * @param step from `followUpStep`, before the rewards were read
 */
export function afterRewards(audit: Audit, step: "before" | "after" | "nothing", read: RewardRead, now: number): Audit {
  const { followUp } = audit;
  const promise = promiseOf(audit);
  if (followUp === undefined || promise === undefined || step === "nothing") return endedAsUnknown(audit, now);
  if ("unreadableForMs" in read) return tryLater(audit, followUp, read.unreadableForMs, now);
  const { failingSince: _failingSince, ...readable } = followUp;
  if (step === "before") {
    return { ...audit, followUp: { ...readable, before: read.found ?? null }, laneAt: followUp.dueAt };
  }
  const kept = isKept(promise, followUp.before ?? undefined, read.found);
  if (kept === undefined) return tryLater(audit, followUp, 0, now);
  return changeAudit({ ...audit, followUp: readable }, kept ? "fulfil" : "leaveUnfulfilled", {}, now) ?? audit;
}

/** The wait equals the time since the first failure, so tries become rarer, but happen at least once a day. */
function tryLater(audit: Audit, followUp: FollowUp, atLeastMs: number, now: number): Audit {
  if (now >= followUp.dueAt + followUpPatienceMs) return endedAsUnknown(audit, now);
  const failingSince = followUp.failingSince ?? now;
  const wait = Math.max(Math.min(Math.max(now - failingSince, minWaitMs), maxWaitMs), atLeastMs);
  return { ...audit, followUp: { ...followUp, failingSince }, laneAt: now + wait };
}

function endedAsUnknown(audit: Audit, now: number): Audit {
  const { lane: _lane, laneAt: _laneAt, ...placeless } = audit;
  return { ...placeless, fulfilment: "unknown", fulfilmentAt: now };
}
