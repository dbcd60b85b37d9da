import type { z } from "zod";
import type { Audit, AuditKey } from "../core/audits/audit.ts";
import { acceptKardAudit, isSameKey } from "../core/audits/store-decision.ts";
import { type SubmitDeps, submitAgain } from "../core/audits/submit-audit.ts";
import { isLeased } from "../core/audits/submit-retries.ts";
import type { KardStatuses } from "../core/kard/ports.ts";
import { isSameRequest } from "../core/kard/same-request.ts";
import { publishBestEffort } from "../core/publishing/publish-best-effort.ts";
import { findByKardId } from "../core/tracking/find-by-kard-id.ts";
import { type FollowAndPublishDeps, followAndPublish } from "../core/tracking/follow-and-publish.ts";
import type { resolveAuditBody } from "./audit-input.ts";

export interface ResolveDeps extends SubmitDeps, FollowAndPublishDeps {
  kard: SubmitDeps["kard"] & KardStatuses;
}

/** What somebody has found out at Kard: the audit's id there, or that it is not there. */
export type Finding = z.output<typeof resolveAuditBody>["data"]["attributes"];

/**
 * What became of it. `waiting`: it was handed over again, and Kard has yet to decide. `under-way`: it is being handed
 * over right now, until `until` at most. Nothing was changed otherwise: `confirmed`, Kard has decided on the audit
 * already; `unknown`, Kard does not show the issuer this id; `different`, Kard's audit is of another request;
 * `taken`, it is another audit of ours; `unavailable`, Kard could not be asked.
 */
export type ResolveResult =
  | { result: "resolved" | "waiting" | "confirmed"; audit: Audit }
  | { result: "under-way"; until: number }
  | { result: "taken"; owner: AuditKey }
  | { result: "unknown" | "different" | "unavailable" };

/**
 * Ends the doubt about an audit that is unconfirmed, by what somebody has found out at Kard. Kard's id is taken if
 * Kard shows the same request under it. An audit that is not at Kard is handed over again, and Kard's answer is then
 * final. It may be repeated.
 */
export function resolveAudit(deps: ResolveDeps) {
  return async (audit: Audit, finding: Finding): Promise<ResolveResult> => {
    if ("kardAuditId" in finding && audit.kardAuditId === finding.kardAuditId) return { result: "resolved", audit };
    if (audit.status !== "SUBMITTING") return { result: "confirmed", audit };
    if (isLeased(audit, deps.clock())) return { result: "under-way", until: audit.leasedUntil ?? 0 };
    return "kardAuditId" in finding ? attach(deps, audit, finding.kardAuditId) : submit(deps, audit);
  };
}

async function attach(deps: ResolveDeps, audit: Audit, kardAuditId: string): Promise<ResolveResult> {
  const { organizationId } = audit;
  const found = await findByKardId(deps)(organizationId, kardAuditId);
  const answer = await deps.kard.getAudit(organizationId, kardAuditId);
  if (answer.outcome === "missing") return { result: "unknown" };
  if (answer.outcome !== "known") return { result: "unavailable" };
  // After Kard was asked: another issuer's id takes as long as one that there is not.
  if (found.outcome === "other-issuer") return { result: "unknown" };
  if (found.outcome === "tracked" && !isSameKey(found.audit, audit)) return { result: "taken", owner: found.audit };
  if (!isSameRequest(audit.request, answer.audit.request ?? {})) return { result: "different" };
  const accepted = await acceptKardAudit(deps, audit, kardAuditId);
  if (accepted.result === "taken") {
    const { owner } = accepted;
    return owner.organizationId === organizationId ? { result: "taken", owner } : { result: "unknown" };
  }
  return { result: "resolved", audit: await followAndPublish(deps)(accepted.audit, answer.audit) };
}

async function submit(deps: ResolveDeps, audit: Audit): Promise<ResolveResult> {
  const submitted = await submitAgain(deps)(audit, { notAtKard: true });
  if (submitted === undefined) return { result: "under-way", until: deps.clock() };
  await publishBestEffort(deps)(submitted.audit);
  return { result: submitted.result === "waiting" ? "waiting" : "resolved", audit: submitted.audit };
}
