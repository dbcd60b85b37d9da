import type * as z from "zod";
import type { AuditKey } from "../../core/audits/audit.ts";
import type { SubmitResult } from "../../core/audits/submit-retries.ts";
import { type ErrorObject, errorObject, type errorsShape } from "../../platform/http-error.ts";
import type { createdAudit, createdAudits, partlyCreatedAudits } from "../audit-shapes.ts";
import { nameExisting } from "./existing-audit.ts";
import { keyReusedDetail } from "./idempotency-lock.ts";
import type { RequestResult } from "./submit-requests.ts";

/**
 * The response to Create Audits, with one result per position: 201 if Kard accepted all, 202 if some are not yet at
 * Kard, 207 if some were refused, and Kard's own refusal if all got the same. An audit that could not be stored, or
 * whose position has an audit of another request with the Idempotency-Key, is an error at its position.
 *
 * @param existing by the id of a refused audit: the issuer's audit that it conflicts with
 */
export function createResponse(
  results: readonly RequestResult[],
  existing: ReadonlyMap<string, AuditKey> = new Map(),
): {
  statusCode: number;
  body: z.infer<typeof createdAudits> | z.infer<typeof partlyCreatedAudits> | z.infer<typeof errorsShape>;
} {
  const data = results.flatMap((result) => ("audit" in result && result.result !== "refused" ? [shown(result)] : []));
  const errors = results.flatMap((result, position) => errorsOf(result, position, existing));
  if (errors.length === 0) return { statusCode: allAccepted(results) ? 201 : 202, body: { data } };
  const statusCode = data.length === 0 ? sharedRefusal(results) : 207;
  // Kard's Python SDK parses a 207 like a 201, in which `data` is required.
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
  if (result.result === "key-reused") return [errorObject(422, keyReusedDetail, { pointer })];
  if (result.result !== "refused") return [];
  const { auditId, refusal } = result.audit;
  const errors = (refusal?.errors ?? []).map(({ source, ...error }) => ({
    ...error,
    id: auditId,
    source: { pointer: source?.pointer?.replace(/^\/data\/0(?=\/|$)/, pointer) ?? pointer },
  }));
  return nameExisting(errors, existing.get(auditId));
}
