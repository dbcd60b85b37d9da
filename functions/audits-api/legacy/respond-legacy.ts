import type { Route } from "../../platform/http.ts";
import { HttpError } from "../../platform/http-error.ts";
import { readJson } from "../../platform/json-body.ts";
import { findAuditOr404 } from "../audit/find-audit.ts";
import { createLegacyAuditBody } from "../audit-input.ts";
import { callersOrganization, callersOrganizations } from "../callers-organization.ts";
import type { AuditsApiRoute } from "../routes.ts";
import { findExistingAudit, nameExisting } from "../submit/existing-audit.ts";
import { fingerprintOf, idempotencyOf } from "../submit/idempotency-key.ts";
import { repeatHeader, submitOrRefuse } from "../submit/submit-or-refuse.ts";
import type { SubmitRequestsDeps } from "../submit/submit-requests.ts";
import { legacyAudit, legacyErrorBody } from "./legacy-audit.ts";

/** Kard's legacy routes: each parses the request, makes one call and maps its result. */
export function legacyRoutes(deps: SubmitRequestsDeps & Parameters<typeof findExistingAudit>[0]) {
  const submit = submitOrRefuse(deps);
  const find = findAuditOr404(deps);

  return {
    "POST /transactions/audit": {
      errorBody: legacyErrorBody,
      async respond(request) {
        const organizationId = callersOrganization(request);
        const body = readJson(createLegacyAuditBody, request.body);
        const idempotency = idempotencyOf(request);
        const submitted = await submit({
          ...{ organizationId, userId: undefined, requests: [body], idempotency },
          fingerprint: fingerprintOf(request),
        });
        const [result] = submitted.results;
        const headers = repeatHeader(submitted.isRepeat);
        if (result === undefined || !("audit" in result)) throw new Error("an audit has no result");
        const { refusal } = result.audit;
        if (result.result === "refused" && refusal !== undefined) {
          const existing = await findExistingAudit(deps)(result.audit);
          throw new HttpError(refusal.status, nameExisting(refusal.errors, existing), headers);
        }
        return { statusCode: 201, body: legacyAudit(result.audit), headers };
      },
    },

    "GET /transactions/audit/{auditId}": {
      errorBody: legacyErrorBody,
      async respond(request) {
        const audit = await find(callersOrganizations(request), request.parameters.auditId);
        return { statusCode: 200, body: legacyAudit(audit) };
      },
    },
  } satisfies Partial<Record<AuditsApiRoute, Route>>;
}
