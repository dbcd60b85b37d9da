import type { Audit, AuditKey } from "../audits/audit.ts";
import { auditIdOfAdopted } from "../audits/idempotency.ts";
import type { AuditListing, KardAuditIds } from "../audits/ports.ts";
import { acceptKardAudit, isSameKey } from "../audits/store-decision.ts";
import type { AuditRequest } from "../kard/audit-request.ts";
import type { KardAudit, KardStatuses, StatusOutcome } from "../kard/ports.ts";
import { type ApplyAndPublishDeps, applyAndPublish } from "./apply-and-publish.ts";
import { type FoundByKardId, findByKardId } from "./find-by-kard-id.ts";
import { findLostCreate } from "./find-lost-create.ts";
import type { ProvesOwnership } from "./ownership.ts";
import type { PollPlan } from "./poll-plan.ts";

export interface AdoptDeps extends ApplyAndPublishDeps {
  kardAuditIds: KardAuditIds;
  listing: AuditListing;
  kard: KardStatuses;
  provesOwnership: ProvesOwnership;
  pollPlan: Pick<PollPlan, "overdueAfter">;
}

/** An audit at Kard, and the issuer and user that it belongs to. */
export interface AdoptRequest {
  organizationId: string;
  userId: string;
  kardAuditId: string;
}

/**
 * The result for one Kard id. `unknown`: Kard does not know it, or it belongs to another issuer. `unavailable`: there
 * was no response, or no usable one, and nothing was stored.
 */
export type AdoptResult =
  | { result: "adopted" | "already-tracked"; audit: Audit }
  | { result: "unknown" }
  | { result: "unavailable"; response: StatusOutcome };

/** The number of retries of an adoption if another function stored the same Kard id first. */
const maxTries = 3;

/**
 * Tracks an audit that exists at Kard, by Kard's id. An audit that Kard has closed is stored as closed and published.
 * Adopting again changes nothing, and neither does adopting an audit that is already tracked. If the audit was made by
 * a create whose response was lost, its id is attached to that audit.
 */
export function adoptAudit(deps: AdoptDeps) {
  return async (request: AdoptRequest): Promise<AdoptResult> => {
    const { organizationId, kardAuditId } = request;
    for (let attempt = 1; attempt <= maxTries; attempt++) {
      const found = await findByKardId(deps)(organizationId, kardAuditId);
      if (found.outcome === "tracked") return { result: "already-tracked", audit: found.audit };
      if (!(await deps.provesOwnership(organizationId))) return { result: "unknown" };
      const response = await deps.kard.getAudit(organizationId, kardAuditId);
      if (response.outcome === "missing") return { result: "unknown" };
      if (response.outcome !== "known") return { result: "unavailable", response };
      // After Kard's response, so that another issuer's id takes as long as an unknown one.
      if (found.outcome === "other-issuer") return { result: "unknown" };
      if (response.audit.request === undefined) return { result: "unavailable", response };
      const stored = await store(deps, request, found, { ...response.audit, request: response.audit.request });
      if (stored !== "taken") return stored;
    }
    throw new Error("other functions kept claiming a Kard id while it was adopted");
  };
}

async function store(
  deps: AdoptDeps,
  { organizationId, userId }: AdoptRequest,
  found: Extract<FoundByKardId, { outcome: "untracked" | "reserved" | "other-issuer" }>,
  kardAudit: KardAudit & { request: AuditRequest },
): Promise<AdoptResult | "taken"> {
  const { kardAuditId, request } = kardAudit;
  if (found.outcome === "untracked") {
    const lost = await findLostCreate(deps)(organizationId, { userId, request });
    const accepted = lost && (await acceptKardAudit(deps, lost, kardAuditId));
    if (accepted !== undefined) {
      return accepted.result === "taken"
        ? "taken"
        : { result: "adopted", audit: await applyAndPublish(deps)(accepted.audit, kardAudit) };
    }
  }
  const key: AuditKey =
    found.outcome === "reserved"
      ? found.key
      : { organizationId, auditId: auditIdOfAdopted(organizationId, kardAuditId) };
  if (!isSameKey(await deps.kardAuditIds.claim(kardAuditId, key), key)) return "taken";
  const now = deps.clock();
  const audit: Audit = {
    ...{ ...key, userId, kardAuditId, request },
    ...{ status: "NEW", submission: "confirmed", submitAttempts: 0, sequence: 0, events: {} },
    ...{ createdAt: now, dueAt: now + deps.pollPlan.overdueAfter, acceptedAt: now, lane: "OPEN", laneAt: now },
  };
  const creation = await deps.audits.create(audit);
  if (creation.outcome === "exists") return { result: "already-tracked", audit: creation.existing };
  return { result: "adopted", audit: await applyAndPublish(deps)(audit, kardAudit) };
}
