import type { Audit } from "../../core/audits/audit.ts";
import type { AuditStore, KardAuditIds } from "../../core/audits/ports.ts";
import { identifier } from "../../core/shared/text.ts";
import { httpError } from "../../platform/http-error.ts";

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

/** @throws HttpError 404 if the audit does not exist or belongs to another issuer */
export function findAuditOr404(deps: Parameters<typeof findAudit>[0]) {
  return async (organizations: readonly string[], id: string | undefined): Promise<Audit> => {
    const audit = id === undefined ? undefined : await findAudit(deps)(organizations, id);
    if (audit === undefined) throw httpError(404, "there is no such audit");
    return audit;
  };
}
