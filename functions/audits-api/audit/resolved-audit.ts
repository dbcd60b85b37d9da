import type { Audit } from "../../core/audits/audit.ts";
import { errorObject, HttpError, httpError } from "../../platform/http-error.ts";
import type { ResolveResult } from "./resolve-audit.ts";

const id = { pointer: "/data/attributes/kardAuditId" };

/**
 * The response to a resolve: the audit, and 202 if Kard has not decided yet.
 *
 * @throws HttpError if nothing was changed
 */
export function resolvedAudit(resolved: ResolveResult, now: number): { audit: Audit; isWaiting: boolean } {
  switch (resolved.result) {
    case "resolved":
      return { audit: resolved.audit, isWaiting: false };
    case "waiting":
      return { audit: resolved.audit, isWaiting: true };
    case "confirmed":
      throw httpError(409, `Kard has already decided on this audit: it is ${resolved.audit.status}`);
    case "under-way": {
      const retryAfter = String(Math.max(1, Math.ceil((resolved.until - now) / 1_000)));
      const error = errorObject(409, "this audit is being submitted to Kard; try again in a minute");
      throw new HttpError(409, [error], { "retry-after": retryAfter });
    }
    case "taken":
      throw httpError(409, `this id already belongs to the audit ${resolved.owner.auditId}`, id);
    case "unknown":
      throw httpError(404, "Kard does not know this audit", id);
    case "different":
      throw httpError(422, "Kard's audit has a different request", id);
    case "unavailable":
      throw httpError(503, "Kard could not be reached; try again");
  }
}
