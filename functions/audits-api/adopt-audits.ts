import pMap from "p-map";
import type { Audit } from "../core/audit.ts";
import { followAudit } from "../core/follow-audit.ts";
import { auditIdOfAdopted } from "../core/idempotency.ts";
import type { KardAudit, KardStatuses } from "../core/kard-ports.ts";
import type { AuditListing, AuditStore, Clock } from "../core/ports.ts";
import { publishBestEffort, type ReportError } from "../core/publish-best-effort.ts";
import type { PublishDeps } from "../core/publish-events.ts";

export interface AdoptDeps extends PublishDeps {
  audits: AuditStore;
  listing: AuditListing;
  kard: KardStatuses;
  clock: Clock;
  reportError: ReportError;
}

/** What became of one Kard id. `unavailable`: Kard could not be asked, nothing was stored. */
export type AdoptResult =
  | { result: "adopted" | "tracked-already"; audit: Audit }
  | { result: "unknown-to-kard" | "unavailable" };

const callsAtOnce = 10;

/** How many audits of one transaction are looked through for one that has the Kard id already. */
const namesakes = 50;

/**
 * Takes audits that exist at Kard under the tracker's care, by Kard's ids: from then on they are like any other. One that
 * is CLOSED already is stored so and published. Adopting twice, or what was filed through the tracker, changes nothing.
 */
export function adoptAudits(deps: AdoptDeps) {
  const adopt = async (organizationId: string, userId: string, kardAuditId: string): Promise<AdoptResult> => {
    const auditId = auditIdOfAdopted(organizationId, kardAuditId);
    const known = await deps.audits.get({ organizationId, auditId });
    if (known !== undefined) return { result: "tracked-already", audit: known };
    const answer = await deps.kard.getAudit(organizationId, kardAuditId);
    if (answer.outcome === "missing") return { result: "unknown-to-kard" };
    if (answer.outcome !== "known") return { result: "unavailable" };
    const { request } = answer.audit;
    if (request === undefined) return { result: "unavailable" };
    const { transactionId } = request;
    const { items } = await deps.listing.list(organizationId, { transactionId }, namesakes);
    const filed = items.find((audit) => audit.kardAuditId === kardAuditId);
    if (filed !== undefined) return { result: "tracked-already", audit: filed };
    return store({ organizationId, userId, auditId, request }, answer.audit);
  };

  const store = async (
    identity: Pick<Audit, "organizationId" | "auditId" | "request"> & { userId: string },
    kardAudit: KardAudit,
  ): Promise<AdoptResult> => {
    const now = deps.clock();
    const audit: Audit = {
      ...identity,
      status: "NEW",
      submission: "confirmed",
      submitAttempts: 0,
      kardAuditId: kardAudit.kardAuditId,
      createdAt: now,
      acceptedAt: now,
      sequence: 0,
      events: {},
      lane: "OPEN",
      laneAt: now,
    };
    const creation = await deps.audits.create(audit);
    if (creation.outcome === "exists") return { result: "tracked-already", audit: creation.existing };
    const followed = await followAudit(deps)(audit, kardAudit, audit);
    if (followed.result !== "changed") return { result: "adopted", audit };
    await publishBestEffort(deps)(followed.audit);
    return { result: "adopted", audit: followed.audit };
  };

  return (organizationId: string, userId: string, kardAuditIds: readonly string[]): Promise<AdoptResult[]> =>
    pMap(kardAuditIds, (kardAuditId) => adopt(organizationId, userId, kardAuditId), { concurrency: callsAtOnce });
}
