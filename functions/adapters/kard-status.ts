import { z } from "zod";
import type { AuditRequest } from "../core/audit.ts";
import type { KardAudit, KardFailure, StatusOutcome } from "../core/ports.ts";
import type { KardAnswer } from "./kard-http.ts";
import { kardId, kardText, parseJson } from "./kard-schemas.ts";

/**
 * The 200 of Kard's reference, "Get Audit Status", in which a field without a value may be absent or null. It is one flat
 * schema because every poll goes through it.
 */
const statusAnswer = z.object({
  _id: kardId,
  transactionId: kardText,
  auditCode: z.int(),
  merchantName: kardText,
  auditDescription: kardText,
  preferredContactEmail: kardText.nullish(),
  issuer: kardText.nullish(),
  transactionAmountInCents: z.int().nullish(),
  referringPartnerUserId: kardText.nullish(),
  merchantId: kardText.nullish(),
  submitterName: kardText.nullish(),
  status: z.enum(["NEW", "IN_PROGRESS", "CLOSED"]),
  resolutionCode: z.int().nullish(),
  resolutionDescription: kardText.nullish(),
  resolutionTimeStamp: z.string().max(64).nullish(),
});

function auditOf(answer: z.infer<typeof statusAnswer>): KardAudit {
  const { _id: kardAuditId, status, resolutionCode, resolutionDescription, resolutionTimeStamp, ...fields } = answer;
  const audit = {
    kardAuditId,
    // Made when it is asked for: a poll does not ask.
    get request() {
      const given = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
      return Object.fromEntries(given) as AuditRequest;
    },
  };
  if (status !== "CLOSED") return Object.assign(audit, { status });
  const resolution = {
    resolutionCode: resolutionCode ?? null,
    resolutionDescription: resolutionDescription ?? null,
    resolutionTimeStamp: resolutionTimeStamp ?? null,
  };
  return Object.assign(audit, { status, resolution });
}

/** What Kard's answer says of the audit that was asked for (Kard's reference, "Get Audit Status"). */
export function interpretStatus(answer: KardAnswer, kardAuditId: string): StatusOutcome {
  if (!answer.answered) return failed(answer.reason);
  const { status, retryAfterMs, body } = answer;
  if (status === 404) return { outcome: "missing" };
  if (status === 401 || status === 403) return { outcome: "unauthorized" };
  if (status === 429) return { outcome: "throttled", retryAfterMs };
  if (status >= 500) return failed("server-error");
  const parsed = statusAnswer.safeParse(status === 200 ? parseJson(body) : undefined);
  if (!parsed.success) return failed("malformed-answer");
  if (parsed.data._id !== kardAuditId) return failed("mismatched-answer");
  return { outcome: "known", audit: auditOf(parsed.data) };
}

const failed = (reason: KardFailure): StatusOutcome => ({ outcome: "failed", reason });
