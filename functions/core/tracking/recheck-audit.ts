import { type Audit, type AuditKey, isOpen } from "../audits/audit.ts";
import { changeStoredAudit } from "../audits/change-stored-audit.ts";
import type { AuditStore } from "../audits/ports.ts";
import type { Clock } from "../shared/ports.ts";

/**
 * Moves an open audit into lane RECHECK, to be polled individually at `at` (epoch milliseconds). Settled audits, and
 * those being submitted, stay as they are.
 *
 * @throws Error if the audit keeps changing
 */
export async function recheckAudit(
  deps: { audits: AuditStore; clock: Clock },
  audit: Audit,
  at: number,
): Promise<Audit> {
  const move = (current: Audit): Audit =>
    !isOpen(current.status) || (current.lane === "RECHECK" && (current.laneAt ?? 0) <= at)
      ? current
      : { ...current, lane: "RECHECK", laneAt: at };
  const moved = await changeStoredAudit(deps.audits, audit, ["status", "laneAt"], move, audit);
  return moved?.after ?? audit;
}

const minWaitMs = 5_000;
const maxWaitMs = 24 * 60 * 60_000;

/**
 * Moves an audit whose poll failed into lane RECHECK. The wait equals the time since the first failure, so polls become
 * rarer, but happen at least once a day.
 *
 * @param missing whether Kard answered 404
 * @throws Error if the audit keeps changing
 */
export async function recheckLater(
  deps: { audits: AuditStore; clock: Clock },
  key: AuditKey,
  missing: boolean,
): Promise<void> {
  await changeStoredAudit(deps.audits, key, ["status", "laneAt"], (audit) => {
    if (!isOpen(audit.status)) return audit;
    const now = deps.clock();
    const moved = toRecheck(audit, now);
    if (missing) moved.missingSince ??= now;
    return moved;
  });
}

/** An audit whose status is unclear. The next poll comes after as long as that has been so. */
export function toRecheck(audit: Audit, now: number): Audit {
  const failingSince = audit.failingSince ?? now;
  const wait = Math.min(Math.max(now - failingSince, minWaitMs), maxWaitMs);
  return { ...audit, failingSince, lane: "RECHECK", laneAt: now + wait };
}

/** An audit after a response of Kard: no longer failing, and back in the poll plan at its acceptance time. */
export function backToPlan(audit: Audit): Audit {
  if (audit.lane !== "RECHECK" && audit.missingSince === undefined && audit.failingSince === undefined) return audit;
  const { missingSince: _missingSince, failingSince: _failingSince, kardStatus: _kardStatus, ...heard } = audit;
  return audit.acceptedAt === undefined || audit.lane !== "RECHECK"
    ? heard
    : { ...heard, lane: "OPEN", laneAt: audit.acceptedAt };
}
