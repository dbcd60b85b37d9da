import type { KardStatuses, LostAudits } from "../../core/kard/ports.ts";
import { isSameRequest } from "../../core/kard/same-request.ts";
import { settleAll } from "../../core/shared/settle-all.ts";

/** Kard names a few audits at most in a conflict. Others are ignored. */
const maxCandidates = 5;

/**
 * Finds the audit of a create whose response was lost, among the ids in a later conflict. Each is read from Kard and
 * compared with the request. Kard has no list of audits to search.
 */
export function createLostAudits({ getAudit }: KardStatuses): LostAudits {
  return {
    async findLostAudit(audit, conflict) {
      const ids = new Set(conflict.flatMap(({ id }) => (id === undefined ? [] : [id])));
      const { values, failures } = await settleAll([...ids].slice(0, maxCandidates), (id) =>
        getAudit(audit.organizationId, id),
      );
      if (failures.length > 0) throw failures[0];
      const found = values.flatMap((response) =>
        response.outcome === "known" && isSameRequest(audit.request, response.audit.request ?? {})
          ? [response.audit.kardAuditId]
          : [],
      );
      return found.length === 1 ? found[0] : undefined;
    },
  };
}
