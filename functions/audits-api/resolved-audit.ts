import type { Audit } from "../core/audits/audit.ts";
import { errorObject, HttpError, httpError } from "../platform/http-error.ts";
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
      throw httpError(409, `Kard has decided on this audit already: it is ${resolved.audit.status}`);
    case "under-way": {
      const retryAfter = String(Math.max(1, Math.ceil((resolved.until - now) / 1_000)));
      const error = errorObject(409, "this audit is being handed to Kard right now; try again in a minute");
      throw new HttpError(409, [error], { "retry-after": retryAfter });
    }
    case "taken":
      throw httpError(409, `this is the audit ${resolved.owner.auditId} already`, id);
    case "unknown":
      throw httpError(404, "Kard knows no such audit", id);
    case "different":
      throw httpError(422, "Kard's audit is of another request", id);
    case "unavailable":
      throw httpError(503, "Kard could not be asked; try again");
  }
}
