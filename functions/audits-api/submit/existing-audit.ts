import type { Audit, AuditKey } from "../../core/audits/audit.ts";
import type { AuditListing, KardAuditIds } from "../../core/audits/ports.ts";
import { isSameRequest } from "../../core/kard/same-request.ts";
import type { ReportError } from "../../core/shared/ports.ts";
import type { ErrorObject } from "../../platform/http-error.ts";

export interface ExistingAuditDeps {
  kardAuditIds: Pick<KardAuditIds, "find">;
  listing: AuditListing;
  reportError: ReportError;
}

const auditsLookedAt = 100;

/**
 * Finds the issuer's audit that a refused one conflicts with: by the id that Kard names, otherwise the newest audit at
 * Kard with the same user and request.
 *
 * @returns `undefined` if Kard refused for another reason, the issuer has no such audit, or the lookup fails. The
 *   refusal is final, so an error is only reported
 */
export function findExistingAudit(deps: ExistingAuditDeps) {
  const find = async (refused: Audit): Promise<AuditKey | undefined> => {
    const { organizationId, refusal, request, userId } = refused;
    if (refusal?.status !== 409) return undefined;
    for (const { id } of refusal.errors) {
      const owner = id === undefined ? undefined : await deps.kardAuditIds.find(id);
      if (owner?.organizationId === organizationId) return owner;
    }
    const { transactionId } = request;
    const filter = { transactionIds: [transactionId], ...(userId === undefined ? {} : { userIds: [userId] }) };
    const { items } = await deps.listing.list(organizationId, filter, auditsLookedAt);
    return items.find((audit) => audit.kardAuditId !== undefined && isSameRequest(request, audit.request));
  };

  return async (refused: Audit): Promise<AuditKey | undefined> => {
    try {
      return await find(refused);
    } catch (error) {
      deps.reportError(error);
      return undefined;
    }
  };
}

/** The errors of a conflict, with the existing audit. */
export function nameExisting(errors: readonly ErrorObject[], existing: AuditKey | undefined): ErrorObject[] {
  if (existing === undefined) return [...errors];
  const { organizationId, auditId } = existing;
  const about = `/v2/issuers/${encodeURIComponent(organizationId)}/audits/${encodeURIComponent(auditId)}`;
  return errors.map((error) =>
    error.status === "409" ? { ...error, meta: { existingAuditId: auditId }, links: { about } } : error,
  );
}
