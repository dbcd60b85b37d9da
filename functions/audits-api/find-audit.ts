import type { Audit } from "../core/audits/audit.ts";
import type { AuditStore, KardAuditIds } from "../core/audits/ports.ts";
import { identifier } from "../core/shared/text.ts";

/**
 * Finds an audit by the tracker's id or by Kard's, which clients of Kard's API may have. `undefined` if it does not
 * exist or belongs to another issuer.
 */
export function findAudit(deps: { audits: Pick<AuditStore, "get" | "getAll">; kardAuditIds: KardAuditIds }) {
  return async (organizations: readonly string[], id: string): Promise<Audit | undefined> => {
    if (!identifier.safeParse(id).success) return undefined;
    const [audit] = await deps.audits.getAll(organizations.map((organizationId) => ({ organizationId, auditId: id })));
    if (audit !== undefined) return audit;
    const owner = await deps.kardAuditIds.find(id);
    return owner !== undefined && organizations.includes(owner.organizationId) ? deps.audits.get(owner) : undefined;
  };
}
