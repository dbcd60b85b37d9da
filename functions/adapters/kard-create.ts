import { z } from "zod";
import type { AuditRequest, KardError } from "../core/audit.ts";
import type { CreateOutcome, KardFailure } from "../core/kard-ports.ts";
import { normalizeKardErrors, parseKardErrors } from "./kard-errors.ts";
import type { KardAnswer } from "./kard-http.ts";
import { kardId, parseJson, pathSegment } from "./kard-schemas.ts";

const v2Answer = z.object({
  data: z.array(z.object({ id: kardId, attributes: z.object({ transactionId: z.string() }) })).default([]),
  errors: z.array(z.unknown()).default([]),
});
const legacyAnswer = z
  .object({ _id: kardId, transactionId: z.string() })
  .transform(({ _id: id, transactionId }) => ({ data: [{ id, attributes: { transactionId } }], errors: [] }));
const createAnswer = z.union([legacyAnswer, v2Answer]);

/**
 * The request of one create: v2's for `userId`, the legacy one without.
 * Kard's reference, "Create Audits" and the legacy "Create Audit".
 */
export function createRequest(organizationId: string, userId: string | undefined, request: AuditRequest) {
  if (userId === undefined) {
    return { route: "legacy-create", method: "POST", path: "/transactions/audit", body: legacyBody(request) } as const;
  }
  const { auditCode, merchantName, auditDescription, transactionId } = request;
  const attributes = { auditCode, merchantName, auditDescription, transactionId };
  return {
    route: "create",
    method: "POST",
    path: `/v2/issuers/${pathSegment(organizationId)}/users/${pathSegment(userId)}/audits`,
    body: JSON.stringify({ data: [{ type: "audit", attributes }] }),
  } as const;
}

function legacyBody(request: AuditRequest): string {
  const { transactionId, auditCode, merchantName, auditDescription, preferredContactEmail, issuer } = request;
  const { transactionAmountInCents, referringPartnerUserId, merchantId, submitterName } = request;
  return JSON.stringify({
    ...{ transactionId, auditCode, merchantName, auditDescription, preferredContactEmail, issuer },
    ...{ transactionAmountInCents, referringPartnerUserId, merchantId, submitterName },
  });
}

/**
 * What became of a create by what Kard answered. A 2xx that names no audit, and a 3xx, leave open whether Kard made one.
 */
export function interpretCreate(answer: KardAnswer, transactionId: string): CreateOutcome {
  if (!answer.answered) return { outcome: answer.delivered ? "unanswered" : "unsent", reason: answer.reason };
  const { status, retryAfterMs, body } = answer;
  if (status >= 400) return refusal(status, retryAfterMs, parseKardErrors(status, body));
  const parsed = createAnswer.safeParse(status < 300 ? parseJson(body) : undefined);
  if (!parsed.success) return unanswered("malformed-answer");
  const { data, errors } = parsed.data;
  const [audit] = data;
  if (audit !== undefined) {
    const matches = data.length === 1 && audit.attributes.transactionId === transactionId;
    return matches ? { outcome: "accepted", kardAuditId: audit.id } : unanswered("mismatched-answer");
  }
  if (status !== 207 || errors.length === 0) return unanswered("malformed-answer");
  const normalized = normalizeKardErrors(status, errors);
  return refusal(Number(normalized[0]?.status), undefined, normalized);
}

function refusal(status: number, retryAfterMs: number | undefined, errors: KardError[]): CreateOutcome {
  if (status >= 500) return unanswered("server-error");
  // A 408 is no refusal: whether Kard read the whole request is not known.
  if (status === 408) return unanswered("timeout");
  if (status === 429) return { outcome: "throttled", retryAfterMs };
  if (status === 401 || status === 403) return { outcome: "unauthorized" };
  return { outcome: "refused", status, errors };
}

const unanswered = (reason: KardFailure): CreateOutcome => ({ outcome: "unanswered", reason });
