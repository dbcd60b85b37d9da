import type { CreateOutcome } from "../kard/ports.ts";
import type { Clock } from "../shared/ports.ts";
import type { Audit, Submission } from "./audit.ts";
import type { AuditGuard, AuditStore } from "./ports.ts";
import { submitWaitMs } from "./submit-backoff.ts";

export interface WaitDeps {
  audits: AuditStore;
  clock: Clock;
  random: () => number;
}

/** The result of a submission. `waiting` means that it stays in its lane; `why` says how Kard answered. */
export type SubmitResult =
  | { result: "accepted" | "refused"; audit: Audit }
  | { result: "waiting"; audit: Audit; why: Exclude<CreateOutcome["outcome"], "accepted" | "refused"> | "conflict" };

type Why = Extract<SubmitResult, { result: "waiting" }>["why"];

/** The result for an audit that is not being submitted now. */
export function submitResultOf(audit: Audit): SubmitResult {
  switch (audit.status) {
    case "SUBMITTING":
      return { result: "waiting", audit, why: "unanswered" };
    case "REJECTED":
      return { result: "refused", audit };
    case "NEW":
    case "IN_PROGRESS":
    case "CLOSED":
      return { result: "accepted", audit };
  }
}

/** Whether a function currently has the exclusive right to submit an audit. */
export function isLeased({ leasedUntil = 0 }: Audit, now: number): boolean {
  return leasedUntil > now;
}

/** Keeps an audit in lane SUBMIT until its backoff ends. */
export function scheduleRetry(
  deps: WaitDeps,
  audit: Audit,
  why: Why,
  submission: Submission,
  retryAfterMs?: number,
): Promise<SubmitResult> {
  const laneAt = deps.clock() + submitWaitMs(audit.submitAttempts, deps.random(), retryAfterMs);
  return keepWaiting(deps, audit, { ...audit, submission, laneAt }, why, ["status", "laneAt"]);
}

/** Leaves a stored audit to the poller, which may submit it at once because no create was sent. */
export function leaveUnsent(deps: WaitDeps) {
  return (audit: Audit): Promise<SubmitResult> =>
    keepWaiting(deps, audit, { ...audit, submission: "unsent", laneAt: deps.clock() }, "unsent", ["status", "laneAt"]);
}

/** The interval at which an audit without a known Kard id is checked: to count it, and to see if it is overdue. */
const lookForIdEveryMs = 60 * 60_000;

/** Keeps an audit that Kard accepted without an id in lane SUBMIT. It is not submitted again. */
export async function waitForKardId(deps: WaitDeps, audit: Audit): Promise<SubmitResult> {
  const now = deps.clock();
  const { acceptedWithoutIdAt = now, laneAt = now } = audit;
  if (audit.acceptedWithoutIdAt !== undefined && laneAt > now) return submitResultOf(audit);
  const waiting: Audit = { ...audit, submission: "unconfirmed", acceptedWithoutIdAt, laneAt: now + lookForIdEveryMs };
  // No guard on `laneAt`: Kard has the audit even if another function has claimed it since.
  return keepWaiting(deps, audit, waiting, "accepted-without-id", ["status"]);
}

/** Ends the lease, so that any function may submit the audit. */
async function keepWaiting(
  deps: WaitDeps,
  audit: Audit,
  { leasedUntil: _leasedUntil, ...waiting }: Audit,
  why: Why,
  guards: readonly AuditGuard[],
): Promise<SubmitResult> {
  if ((await deps.audits.update(audit, waiting, guards)) === "done") return { result: "waiting", audit: waiting, why };
  const stored = await deps.audits.get(audit);
  if (stored === undefined) throw new Error("an audit that is being submitted is missing in the table");
  return submitResultOf(stored);
}
