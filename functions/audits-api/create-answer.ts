import type { z } from "zod";
import type { AuditKey } from "../core/audits/audit.ts";
import type { SubmitResult } from "../core/audits/submit-retries.ts";
import { type ErrorObject, errorObject, type errorsShape } from "../platform/http-error.ts";
import type { createdAudit, createdAudits, partlyCreatedAudits } from "./audit-shapes.ts";
import { nameExisting } from "./existing-audit.ts";
import type { RequestResult } from "./submit-requests.ts";

/**
 * Kard's answer to Create Audits, composed of one result for each of the caller's positions: 201 when Kard took all,
 * 202 when it has yet to take some, 207 when it took some and refused some, Kard's own refusal when it refused all
 * alike. An audit that could not be stored is an error at its position.
 *
 * @param existing by the id of a refused audit: the issuer's audit that it conflicts with
 */
export function createAnswer(
  results: readonly RequestResult[],
  existing: ReadonlyMap<string, AuditKey> = new Map(),
): {
  statusCode: number;
  body: z.infer<typeof createdAudits> | z.infer<typeof partlyCreatedAudits> | z.infer<typeof errorsShape>;
} {
  const data = results.flatMap((result) =>
    result.result === "refused" || result.result === "not-stored" ? [] : [shown(result)],
  );
  const errors = results.flatMap((result, position) => errorsOf(result, position, existing));
  if (errors.length === 0) return { statusCode: allAccepted(results) ? 201 : 202, body: { data } };
  const statusCode = data.length === 0 ? sharedRefusal(results) : 207;
  // Kard's Python SDK reads a 207 as a 201, in which `data` is required.
  return { statusCode, body: statusCode === 207 ? { errors, data } : { errors } };
}

function shown({ result, audit }: SubmitResult): z.infer<typeof createdAudit> {
  const { transactionId } = audit.request;
  const attributes = result === "waiting" ? { transactionId, status: audit.status } : { transactionId };
  return { type: "audit", id: audit.auditId, attributes };
}

function allAccepted(results: readonly RequestResult[]): boolean {
  return results.every(({ result }) => result === "accepted");
}

function sharedRefusal(results: readonly RequestResult[]): number {
  const statuses = new Set(results.map((result) => ("audit" in result ? result.audit.refusal?.status : undefined)));
  const [status] = statuses;
  return statuses.size === 1 && status !== undefined ? status : 207;
}

/** Kard got each audit alone, at position 0. The pointers are changed to the caller's positions. */
function errorsOf(result: RequestResult, position: number, existing: ReadonlyMap<string, AuditKey>): ErrorObject[] {
  const pointer = `/data/${position}`;
  if (result.result === "not-stored") return [errorObject(503, "could not be stored; send it again", { pointer })];
  if (result.result !== "refused") return [];
  const { auditId, refusal } = result.audit;
  const errors = (refusal?.errors ?? []).map(({ source, ...error }) => ({
    ...error,
    id: auditId,
    source: { pointer: source?.pointer?.replace(/^\/data\/0(?=\/|$)/, pointer) ?? pointer },
  }));
  return nameExisting(errors, existing.get(auditId));
}
