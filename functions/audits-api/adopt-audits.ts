import pMap from "p-map";
import { type AdoptDeps, type AdoptResult, adoptAudit } from "../core/adopt-audit.ts";

const callsAtOnce = 10;

/** Tracks audits that exist at Kard, by Kard's ids; one result an id, in their order. */
export function adoptAudits(deps: AdoptDeps) {
  return (organizationId: string, userId: string, kardAuditIds: readonly string[]): Promise<AdoptResult[]> =>
    pMap(kardAuditIds, (kardAuditId) => adoptAudit(deps)({ organizationId, userId, kardAuditId }), {
      concurrency: callsAtOnce,
    });
}
