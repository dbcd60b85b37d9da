import { z } from "zod";
import type { KardAudit, KardFailure, StatusOutcome } from "../core/ports.ts";
import type { KardAnswer } from "./kard-http.ts";
import { kardId, kardText, parseJson } from "./kard-schemas.ts";

const auditFields = z.object({
  _id: kardId,
  transactionId: kardText,
  auditCode: z.int(),
  merchantName: kardText,
  auditDescription: kardText,
  preferredContactEmail: kardText.exactOptional(),
  issuer: kardText.exactOptional(),
  transactionAmountInCents: z.int().exactOptional(),
  referringPartnerUserId: kardText.exactOptional(),
  merchantId: kardText.exactOptional(),
  submitterName: kardText.exactOptional(),
});

const openAudit = auditFields
  .extend({ status: z.enum(["NEW", "IN_PROGRESS"]) })
  .transform(({ _id: kardAuditId, status, ...request }): KardAudit => ({ kardAuditId, status, request }));

const closedAudit = auditFields
  .extend({
    status: z.literal("CLOSED"),
    resolutionCode: z.int().nullable().default(null),
    resolutionDescription: kardText.nullable().default(null),
    resolutionTimeStamp: z.string().max(64).nullable().default(null),
  })
  .transform(
    ({
      _id: kardAuditId,
      status,
      resolutionCode,
      resolutionDescription,
      resolutionTimeStamp,
      ...request
    }): KardAudit => ({
      ...{ kardAuditId, status, request },
      resolution: { resolutionCode, resolutionDescription, resolutionTimeStamp },
    }),
  );

/** The 200 of Kard's reference, "Get Audit Status", in which a field without a value may be absent or null. */
const statusAnswer = z
  .record(z.string(), z.unknown())
  .transform((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)))
  .pipe(z.union([openAudit, closedAudit]));

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
  const audit = parsed.data;
  return audit.kardAuditId === kardAuditId ? { outcome: "known", audit } : failed("mismatched-answer");
}

const failed = (reason: KardFailure): StatusOutcome => ({ outcome: "failed", reason });
