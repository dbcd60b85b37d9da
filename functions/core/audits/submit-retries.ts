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

/** Where an audit stands after a try. `waiting` is in its lane still; `why` says what Kard's side of it was. */
export type SubmitResult =
  | { result: "accepted" | "refused"; audit: Audit }
  | { result: "waiting"; audit: Audit; why: Exclude<CreateOutcome["outcome"], "accepted" | "refused"> | "conflict" };

type Why = Extract<SubmitResult, { result: "waiting" }>["why"];

/** Where an audit that is not being handed over right now stands. */
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

/** Whether a function has an audit for itself to hand it to Kard. */
export function isLeased({ leasedUntil = 0 }: Audit, now: number): boolean {
  return leasedUntil > now;
}

/** Leaves an audit in lane SUBMIT after a try, for as long as its backoff says. */
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

/**
 * Leaves an audit that was stored and never handed over to the poller, who may take it at once: Kard has not got it.
 */
export function leaveUnsent(deps: WaitDeps) {
  return (audit: Audit): Promise<SubmitResult> =>
    keepWaiting(deps, audit, { ...audit, submission: "unsent", laneAt: deps.clock() }, "unsent", ["status", "laneAt"]);
}

/**
 * How often an audit that Kard took without saying its id is looked at, to tell of it and to see whether it is
 * overdue.
 */
const lookForIdEveryMs = 60 * 60_000;

/** Leaves an audit that Kard took without saying its id in lane SUBMIT, from where it is not handed over again. */
export async function waitForKardId(deps: WaitDeps, audit: Audit): Promise<SubmitResult> {
  const now = deps.clock();
  const { acceptedWithoutIdAt = now, laneAt = now } = audit;
  if (audit.acceptedWithoutIdAt !== undefined && laneAt > now) return submitResultOf(audit);
  const waiting: Audit = { ...audit, submission: "unconfirmed", acceptedWithoutIdAt, laneAt: now + lookForIdEveryMs };
  // Without a guard on `laneAt`: that Kard has it holds although another function has claimed the audit since.
  return keepWaiting(deps, audit, waiting, "accepted-without-id", ["status"]);
}

/** Ends the lease: from now on anyone may hand the audit over. */
async function keepWaiting(
  deps: WaitDeps,
  audit: Audit,
  { leasedUntil: _leasedUntil, ...waiting }: Audit,
  why: Why,
  guards: readonly AuditGuard[],
): Promise<SubmitResult> {
  if ((await deps.audits.update(audit, waiting, guards)) === "done") return { result: "waiting", audit: waiting, why };
  const stored = await deps.audits.get(audit);
  if (stored === undefined) throw new Error("an audit that is being submitted has vanished from the table");
  return submitResultOf(stored);
}
