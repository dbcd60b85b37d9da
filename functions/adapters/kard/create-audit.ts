import * as z from "zod";
import type { AuditRequest } from "../../core/kard/audit-request.ts";
import type { CreateOutcome, KardFailure } from "../../core/kard/ports.ts";
import type { JsonApiError } from "../../core/shared/json-api-error.ts";
import { isSameText } from "../../core/shared/text.ts";
import { normalizeKardErrors, parseKardErrors } from "./errors.ts";
import type { KardResponse } from "./http.ts";
import { kardId, optionalText, parseJson, pathSegment } from "./schemas.ts";

const attributes = z.object({ transactionId: optionalText }).optional().catch(undefined);
const resource = z
  .object({
    id: kardId.optional().catch(undefined),
    _id: kardId.optional().catch(undefined),
    transactionId: optionalText,
    attributes,
  })
  .transform(({ id, _id, transactionId, attributes }) => ({
    kardAuditId: id ?? _id,
    transactionId: attributes?.transactionId ?? transactionId,
  }));
type MadeAudit = z.infer<typeof resource>;

/** The audits in a response: a list in `data` (v2), one in `data`, or the response itself (legacy). */
const madeAudits = z.union([
  z.object({ data: z.array(resource) }).transform(({ data }) => data),
  z.object({ data: resource }).transform(({ data }) => [data]),
  resource.refine(({ kardAuditId }) => kardAuditId !== undefined).transform((audit) => [audit]),
  z.unknown().transform((): MadeAudit[] => []),
]);
const itemErrors = z.object({ errors: z.array(z.unknown()) });

/**
 * The request of one create: v2 for `userId`, legacy without (Kard's reference, "Create Audits" and "Create Audit").
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
 * Interprets the response to a create. After any 2xx Kard has made the audit, so it must not be created again. After a
 * 3xx or 5xx Kard may have made it.
 */
export function interpretCreate(response: KardResponse, transactionId: string): CreateOutcome {
  if (!response.answered) return withoutResponse(response);
  const { status, retryAfterMs, body } = response;
  if (status >= 400) return refusal(status, retryAfterMs, parseKardErrors(status, body));
  if (status >= 300) return unanswered("malformed-response");
  const content = parseJson(body);
  const audits = madeAudits.parse(content);
  if (audits.length > 0 || status !== 207) return accepted(audits, transactionId);
  const parsed = itemErrors.safeParse(content);
  if (!parsed.success || parsed.data.errors.length === 0) return withoutId("malformed-response");
  // An item of a 207 without a status of its own is a refusal.
  const errors = normalizeKardErrors(400, parsed.data.errors);
  return refusal(Number(errors[0]?.status), retryAfterMs, errors);
}

function withoutResponse({
  reason,
  delivered,
  brokenOffStatus,
}: Extract<KardResponse, { answered: false }>): CreateOutcome {
  const isAccepted = brokenOffStatus !== undefined && brokenOffStatus >= 200 && brokenOffStatus < 300;
  if (isAccepted) return withoutId(reason);
  return { outcome: delivered ? "unanswered" : "unsent", reason };
}

/** One audit was requested. If a response has several, it is the one with the transaction's id. */
function accepted(audits: readonly MadeAudit[], transactionId: string): CreateOutcome {
  const mayBeOurs = ({ transactionId: named }: MadeAudit) =>
    named === undefined ? audits.length === 1 : isSameText(named.toLowerCase(), transactionId.toLowerCase());
  const [ours, ...others] = audits.filter(mayBeOurs);
  if (ours?.kardAuditId !== undefined && others.length === 0) {
    return { outcome: "accepted", kardAuditId: ours.kardAuditId };
  }
  return withoutId(audits.length > 0 && ours === undefined ? "mismatched-response" : "malformed-response");
}

function refusal(status: number, retryAfterMs: number | undefined, errors: JsonApiError[]): CreateOutcome {
  if (status >= 500) return { ...unanswered("server-error"), ...(retryAfterMs !== undefined && { retryAfterMs }) };
  // A 408 is not a refusal: Kard may have read the whole request.
  if (status === 408) return unanswered("timeout");
  if (status === 429) return { outcome: "throttled", retryAfterMs };
  if (status === 401 || status === 403) return { outcome: "unauthorized" };
  return { outcome: "refused", status, errors };
}

const unanswered = (reason: KardFailure): CreateOutcome => ({ outcome: "unanswered", reason });
const withoutId = (reason: KardFailure): CreateOutcome => ({ outcome: "accepted-without-id", reason });
