import type * as z from "zod";
import type { Audit, AuditKey } from "../../core/audits/audit.ts";
import { acceptKardAudit, isSameKey } from "../../core/audits/store-decision.ts";
import { type SubmitDeps, submitAgain } from "../../core/audits/submit-audit.ts";
import { isLeased } from "../../core/audits/submit-retries.ts";
import type { KardStatuses } from "../../core/kard/ports.ts";
import { isSameKardId } from "../../core/kard/same-kard-id.ts";
import { isSameRequest } from "../../core/kard/same-request.ts";
import { publishBestEffort } from "../../core/publishing/publish-best-effort.ts";
import { type ApplyAndPublishDeps, applyAndPublish } from "../../core/tracking/apply-and-publish.ts";
import { findByKardId } from "../../core/tracking/find-by-kard-id.ts";
import type { resolveAuditBody } from "../audit-input.ts";

export interface ResolveDeps extends SubmitDeps, ApplyAndPublishDeps {
  kard: SubmitDeps["kard"] & KardStatuses;
}

/** What an operator found out at Kard: the audit's id, or that it does not exist. */
export type Finding = z.output<typeof resolveAuditBody>["data"]["attributes"];

/**
 * The result. `waiting`: it was submitted again, and Kard has not decided yet. `under-way`: another function is
 * submitting it, until `until` at most. The others change nothing. `confirmed`: Kard has already decided. `unknown`:
 * Kard does not show this id to the issuer. `different`: Kard's audit has another request. `taken`: another audit has
 * the id. `unavailable`: Kard could not be read.
 */
export type ResolveResult =
  | { result: "resolved" | "waiting" | "confirmed"; audit: Audit }
  | { result: "under-way"; until: number }
  | { result: "taken"; owner: AuditKey }
  | { result: "unknown" | "different" | "unavailable" };

/**
 * Settles an unconfirmed audit with what an operator found out at Kard. Kard's id is attached if Kard shows the same
 * request under it. If the audit does not exist at Kard, it is submitted again, and Kard's response is final.
 * Repeatable.
 */
export function resolveAudit(deps: ResolveDeps) {
  return async (audit: Audit, finding: Finding): Promise<ResolveResult> => {
    if ("kardAuditId" in finding && isSameKardId(audit.kardAuditId, finding.kardAuditId))
      return { result: "resolved", audit };
    if (audit.status !== "SUBMITTING") return { result: "confirmed", audit };
    if (isLeased(audit, deps.clock())) return { result: "under-way", until: audit.leasedUntil ?? 0 };
    return "kardAuditId" in finding ? attach(deps, audit, finding.kardAuditId) : submit(deps, audit);
  };
}

async function attach(deps: ResolveDeps, audit: Audit, kardAuditId: string): Promise<ResolveResult> {
  const { organizationId } = audit;
  const found = await findByKardId(deps)(organizationId, kardAuditId);
  const response = await deps.kard.getAudit(organizationId, kardAuditId);
  if (response.outcome === "missing") return { result: "unknown" };
  if (response.outcome !== "known") return { result: "unavailable" };
  // After Kard's response, so that another issuer's id takes as long as an unknown one.
  if (found.outcome === "other-issuer") return { result: "unknown" };
  if (found.outcome === "tracked" && !isSameKey(found.audit, audit)) return { result: "taken", owner: found.audit };
  if (!isSameRequest(audit.request, response.audit.request ?? {})) return { result: "different" };
  const accepted = await acceptKardAudit(deps, audit, response.audit.kardAuditId);
  if (accepted.result === "taken") {
    const { owner } = accepted;
    return owner.organizationId === organizationId ? { result: "taken", owner } : { result: "unknown" };
  }
  return { result: "resolved", audit: await applyAndPublish(deps)(accepted.audit, response.audit) };
}

async function submit(deps: ResolveDeps, audit: Audit): Promise<ResolveResult> {
  const submitted = await submitAgain(deps)(audit, { notAtKard: true });
  if (submitted === undefined) return { result: "under-way", until: deps.clock() };
  await publishBestEffort(deps)(submitted.audit);
  return { result: submitted.result === "waiting" ? "waiting" : "resolved", audit: submitted.audit };
}
