import type { z } from "zod";
import type { SubmitResult } from "../core/submit-audit.ts";
import type { ErrorObject } from "../platform/http-error.ts";
import type { createdAudit, createdAudits, partlyCreatedAudits } from "./audit-shapes.ts";

/**
 * Kard's answer to Create Audits, composed of one result for each of the caller's positions: 201 when Kard took all, 202
 * when it has yet to take some, 207 when it took some and refused some, Kard's own refusal when it refused all alike.
 */
export function createAnswer(results: readonly SubmitResult[]): {
  statusCode: number;
  body: z.infer<typeof createdAudits> | z.infer<typeof partlyCreatedAudits>;
} {
  const data = results.flatMap((result) => (result.result === "refused" ? [] : [shown(result)]));
  const errors = results.flatMap(refusalErrors);
  if (errors.length === 0) return { statusCode: allAccepted(results) ? 201 : 202, body: { data } };
  const statusCode = data.length === 0 ? sharedRefusal(results) : 207;
  return { statusCode, body: data.length === 0 ? { errors } : { errors, data } };
}

function shown({ result, audit }: SubmitResult): z.infer<typeof createdAudit> {
  const { transactionId } = audit.request;
  const attributes = result === "waiting" ? { transactionId, status: audit.status } : { transactionId };
  return { type: "audit", id: audit.auditId, attributes };
}

function allAccepted(results: readonly SubmitResult[]): boolean {
  return results.every(({ result }) => result === "accepted");
}

function sharedRefusal(results: readonly SubmitResult[]): number {
  const statuses = new Set(results.map(({ audit }) => audit.refusal?.status));
  const [status] = statuses;
  return statuses.size === 1 && status !== undefined ? status : 207;
}

/** Kard saw each audit alone, at its position 0: the pointers are made right for the caller's positions. */
function refusalErrors({ result, audit }: SubmitResult, position: number): ErrorObject[] {
  if (result !== "refused") return [];
  return (audit.refusal?.errors ?? []).map(({ source, ...error }) => ({
    ...error,
    id: audit.auditId,
    source: { pointer: source?.pointer?.replace(/^\/data\/0(?=\/|$)/, `/data/${position}`) ?? `/data/${position}` },
  }));
}
