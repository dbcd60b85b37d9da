import type { AdoptResult } from "../core/tracking/adopt-audit.ts";
import type { HttpResponse } from "../platform/http.ts";
import { type ErrorObject, errorObject } from "../platform/http-error.ts";
import { auditResource } from "./audit-details.ts";

/** The answer to an adoption, composed of one result for each of the caller's positions. */
export function adoptAnswer(results: readonly AdoptResult[]): HttpResponse {
  const data = results.flatMap((result) => ("audit" in result ? [auditResource(result.audit)] : []));
  const errors = results.flatMap((result, position): ErrorObject[] => {
    if ("audit" in result) return [];
    const source = { pointer: `/data/${position}/attributes/kardAuditId` };
    return result.result === "unknown"
      ? [errorObject(404, "Kard knows no such audit", source)]
      : [errorObject(503, "Kard could not be asked; try again", source)];
  });
  if (errors.length === 0) return { statusCode: 201, body: { data } };
  const statuses = new Set(errors.map(({ status }) => status));
  const shared = data.length === 0 && statuses.size === 1 ? Number(errors[0]?.status) : 207;
  return { statusCode: shared, body: data.length === 0 ? { errors } : { errors, data } };
}
