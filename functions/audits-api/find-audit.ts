import type { Audit } from "../core/audit.ts";
import { auditIdOfAdopted } from "../core/idempotency.ts";
import type { AuditStore } from "../core/ports.ts";
import { identifier } from "../core/text.ts";

/**
 * An audit by the tracker's id, or by Kard's for one that was adopted: whoever made audits at Kard before goes on
 * asking for them by the ids they have. `undefined` for another issuer's audit as for none.
 */
export function findAudit(deps: { audits: Pick<AuditStore, "get"> }) {
  return async (organizations: readonly string[], id: string): Promise<Audit | undefined> => {
    if (!identifier.safeParse(id).success) return undefined;
    for (const organizationId of organizations) {
      const audit =
        (await deps.audits.get({ organizationId, auditId: id })) ??
        (await deps.audits.get({ organizationId, auditId: auditIdOfAdopted(organizationId, id) }));
      if (audit !== undefined) return audit;
    }
    return undefined;
  };
}
