import type { KardStatuses, LostAudits } from "../../core/kard/ports.ts";
import { isSameRequest } from "../../core/kard/same-request.ts";

/** Kard names at most a few audits in a conflict; more are not asked about. */
const maxCandidates = 5;

/**
 * Finds an audit whose create was never answered, by the ids that a later conflict names: each is read from Kard and
 * must be the same request. Kard's notifications name no audits, so there is no other way to ask.
 */
export function createLostAudits({ getAudit }: KardStatuses): LostAudits {
  return {
    async findLostAudit(audit, conflict) {
      const ids = new Set(conflict.flatMap(({ id }) => (id === undefined ? [] : [id])));
      const answers = await Promise.all(
        [...ids].slice(0, maxCandidates).map((id) => getAudit(audit.organizationId, id)),
      );
      const found = answers.flatMap((answer) =>
        answer.outcome === "known" && isSameRequest(audit.request, answer.audit.request ?? {})
          ? [answer.audit.kardAuditId]
          : [],
      );
      return found.length === 1 ? found[0] : undefined;
    },
  };
}
