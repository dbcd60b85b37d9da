import type { Audit, Submission } from "./audit.ts";
import { changeAudit, type TransitionFacts } from "./change-audit.ts";
import type { CreateOutcome, KardSubmissions, LostAudits } from "./kard-ports.ts";
import type { AuditGuard, AuditListing, AuditStore, Clock } from "./ports.ts";
import { submitLeaseMs, submitWaitMs } from "./submit-backoff.ts";

export interface SubmitDeps {
  audits: AuditStore;
  listing: AuditListing;
  kard: KardSubmissions & LostAudits;
  clock: Clock;
  random: () => number;
}

/** Where an audit stands after a try. `waiting` is in its lane still; `why` says what Kard's side of it was. */
export type SubmitResult =
  | { result: "accepted" | "refused"; audit: Audit }
  | { result: "waiting"; audit: Audit; why: Exclude<CreateOutcome["outcome"], "accepted" | "refused"> | "conflict" };

/**
 * Hands a freshly stored audit to Kard while its caller waits. The audit must be in lane SUBMIT with the lease of
 * `submitLeaseMs`, so that whatever happens here it is tried again.
 */
export function submitFirst(deps: SubmitDeps) {
  return async (audit: Audit): Promise<SubmitResult> => {
    const answer = await deps.kard.createAudit(audit.organizationId, audit.userId, audit.request);
    return answer.outcome === "refused"
      ? settle(deps, audit, "refuse", answer)
      : conclude(deps, audit, answer, "unsent");
  };
}

/**
 * Tries again to hand over an audit whose time in lane SUBMIT has come: claims it, so that no other function does the
 * same, then asks Kard. One that Kard took without saying its id stays in the lane and is not handed over again.
 * `undefined` when another function was first.
 */
export function submitAgain(deps: SubmitDeps) {
  return async (audit: Audit): Promise<SubmitResult | undefined> => {
    if (audit.acceptedWithoutIdAt !== undefined) return waitForId(deps, audit);
    const claimed: Audit = {
      ...audit,
      submission: "unconfirmed",
      submitAttempts: audit.submitAttempts + 1,
      laneAt: deps.clock() + submitLeaseMs,
    };
    if ((await deps.audits.update(audit, claimed, ["status", "laneAt"])) === "stale") return undefined;
    const answer = await deps.kard.createAudit(audit.organizationId, audit.userId, audit.request);
    if (answer.outcome !== "refused") return conclude(deps, claimed, answer, audit.submission);
    if (answer.status !== 409 || audit.submission !== "unconfirmed") return settle(deps, claimed, "reject", answer);
    // An earlier call was never answered: this conflict may be with the audit that it made.
    const others = await idsOfOthers(deps, audit);
    const named = answer.errors.flatMap(({ id }) => id ?? []);
    const isWithOthers = named.length > 0 && named.every((id) => others.has(id));
    const kardAuditId = isWithOthers ? undefined : await deps.kard.findLostAudit(audit, answer.errors);
    if (isWithOthers || others.has(kardAuditId)) return settle(deps, claimed, "reject", answer);
    return kardAuditId === undefined
      ? defer(deps, claimed, "conflict", "unconfirmed")
      : conclude(deps, claimed, { outcome: "accepted", kardAuditId }, "unconfirmed");
  };
}

/** How many audits of one transaction are looked through for those that a conflict may be with. */
const namesakes = 50;

/** What the other audits of a transaction are at Kard: a conflict with one of them is no answer to a call of this one. */
async function idsOfOthers(deps: SubmitDeps, { organizationId, request }: Audit): Promise<Set<string | undefined>> {
  const { items } = await deps.listing.list(organizationId, { transactionId: request.transactionId }, namesakes);
  return new Set(items.flatMap(({ kardAuditId }) => kardAuditId ?? []));
}

/** @param before what was known before this try: that Kard has not made this audit says nothing of an earlier call */
async function conclude(
  deps: SubmitDeps,
  audit: Audit,
  answer: Exclude<CreateOutcome, { outcome: "refused" }>,
  before: Submission,
): Promise<SubmitResult> {
  switch (answer.outcome) {
    case "accepted":
      return store(deps, audit, "accept", { kardAuditId: answer.kardAuditId });
    case "accepted-without-id":
      return waitForId(deps, audit);
    case "unanswered":
      return defer(deps, audit, answer.outcome, "unconfirmed", answer.retryAfterMs);
    case "throttled":
      return defer(deps, audit, answer.outcome, before, answer.retryAfterMs);
    case "unsent":
    case "unauthorized":
      return defer(deps, audit, answer.outcome, before);
  }
}

/** How often an audit that Kard took without saying its id is looked at, to tell of it and to see whether it is overdue. */
const lookForIdEveryMs = 60 * 60_000;

async function waitForId(deps: SubmitDeps, audit: Audit): Promise<SubmitResult> {
  const now = deps.clock();
  const { acceptedWithoutIdAt = now, laneAt = now } = audit;
  if (audit.acceptedWithoutIdAt !== undefined && laneAt > now) return submitResultOf(audit);
  const waiting: Audit = { ...audit, submission: "unconfirmed", acceptedWithoutIdAt, laneAt: now + lookForIdEveryMs };
  // Without a guard on `laneAt`: that Kard has it holds although another function has claimed the audit since.
  return keepWaiting(deps, audit, waiting, "accepted-without-id", ["status"]);
}

async function settle(
  deps: SubmitDeps,
  audit: Audit,
  name: "refuse" | "reject",
  { status, errors }: Extract<CreateOutcome, { outcome: "refused" }>,
): Promise<SubmitResult> {
  return store(deps, audit, name, { refusal: { status, errors } });
}

/** Kard has decided: that is stored whatever else has happened to the audit since it was read. */
async function store<Name extends "accept" | "refuse" | "reject">(
  deps: SubmitDeps,
  audit: Audit,
  name: Name,
  facts: TransitionFacts[Name],
): Promise<SubmitResult> {
  for (let current = audit; ; ) {
    const changed = changeAudit(current, name, facts, deps.clock());
    if (changed === undefined) return submitResultOf(current);
    if ((await deps.audits.update(current, changed, ["status", "sequence"])) === "done") return submitResultOf(changed);
    current = (await deps.audits.get(audit)) ?? missing();
  }
}

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

function missing(): never {
  throw new Error("an audit that is being submitted has vanished from the table");
}

async function defer(
  deps: SubmitDeps,
  audit: Audit,
  why: Waiting["why"],
  submission: Submission,
  retryAfterMs?: number,
): Promise<SubmitResult> {
  const laneAt = deps.clock() + submitWaitMs(audit.submitAttempts, deps.random(), retryAfterMs);
  return keepWaiting(deps, audit, { ...audit, submission, laneAt }, why, ["status", "laneAt"]);
}

type Waiting = Extract<SubmitResult, { result: "waiting" }>;

async function keepWaiting(
  deps: SubmitDeps,
  audit: Audit,
  deferred: Audit,
  why: Waiting["why"],
  guards: readonly AuditGuard[],
): Promise<SubmitResult> {
  const written = await deps.audits.update(audit, deferred, guards);
  return written === "done"
    ? { result: "waiting", audit: deferred, why }
    : submitResultOf((await deps.audits.get(audit)) ?? missing());
}
