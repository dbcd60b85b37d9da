import type { Audit, AuditKey } from "../audits/audit.ts";
import type { AuditStore, KardAuditIds } from "../audits/ports.ts";
import { storeDecision } from "../audits/store-decision.ts";
import type { Clock } from "../shared/ports.ts";

/**
 * What an issuer has under a Kard id. `other-issuer`: it belongs to another issuer, which must not be revealed.
 * `reserved`: it was claimed for an audit whose storing was interrupted.
 */
export type FoundByKardId =
  | { outcome: "tracked"; audit: Audit }
  | { outcome: "reserved"; key: AuditKey }
  | { outcome: "untracked" | "other-issuer" };

/** Finds an issuer's audit by Kard's id, and completes an interrupted storing of the id. */
export function findByKardId(deps: { audits: AuditStore; kardAuditIds: KardAuditIds; clock: Clock }) {
  return async (organizationId: string, kardAuditId: string): Promise<FoundByKardId> => {
    const owner = await deps.kardAuditIds.find(kardAuditId);
    if (owner === undefined) return { outcome: "untracked" };
    if (owner.organizationId !== organizationId) return { outcome: "other-issuer" };
    const audit = await deps.audits.get(owner);
    if (audit === undefined) return { outcome: "reserved", key: owner };
    if (audit.status !== "SUBMITTING") return { outcome: "tracked", audit };
    return { outcome: "tracked", audit: await storeDecision(deps, audit, "accept", { kardAuditId }) };
  };
}
