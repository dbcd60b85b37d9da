import { z } from "zod";
import type { AuditRequest } from "../core/audit.ts";
import type { KardAudit, KardFailure, StatusOutcome } from "../core/kard-ports.ts";
import type { KardAnswer } from "./kard-http.ts";
import { kardId, kardText, parseJson } from "./kard-schemas.ts";

const optionalText = z.string().nullish();

/**
 * The 200 of Kard's reference, "Get Audit Status", in which a field without a value may be absent or null. It is one flat
 * schema, and leaves texts to whoever reads them, because every poll goes through it.
 */
const statusAnswer = z.object({
  _id: kardId,
  transactionId: z.string(),
  auditCode: z.int(),
  merchantName: z.string(),
  auditDescription: z.string(),
  preferredContactEmail: optionalText,
  issuer: optionalText,
  transactionAmountInCents: z.int().nullish(),
  referringPartnerUserId: optionalText,
  merchantId: optionalText,
  submitterName: optionalText,
  status: z.enum(["NEW", "IN_PROGRESS", "CLOSED"]),
  resolutionCode: z.int().nullish(),
  resolutionDescription: optionalText,
  resolutionTimeStamp: z.string().max(64).nullish(),
});

type StatusAnswer = z.infer<typeof statusAnswer>;

/** An audit of which the request is made when it is asked for: a poll does not ask. */
class AuditAtKard<Status> {
  readonly kardAuditId: string;
  readonly status: Status;
  readonly #answer: StatusAnswer;

  constructor(answer: StatusAnswer, status: Status) {
    this.kardAuditId = answer._id;
    this.status = status;
    this.#answer = answer;
  }

  get request(): AuditRequest {
    return requestOf(this.#answer);
  }
}

function auditOf(answer: StatusAnswer): KardAudit {
  const { status, resolutionCode, resolutionDescription, resolutionTimeStamp } = answer;
  if (status !== "CLOSED") return new AuditAtKard(answer, status);
  const resolution = {
    resolutionCode: resolutionCode ?? null,
    resolutionDescription: typeof resolutionDescription === "string" ? kardText(resolutionDescription) : null,
    resolutionTimeStamp: resolutionTimeStamp ?? null,
  };
  return Object.assign(new AuditAtKard(answer, status), { resolution });
}

function requestOf(answer: StatusAnswer): AuditRequest {
  const { _id, status, resolutionCode, resolutionDescription, resolutionTimeStamp, ...fields } = answer;
  const given = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  const readable = given.map(([name, value]) => [name, typeof value === "string" ? kardText(value) : value]);
  return Object.fromEntries(readable) as AuditRequest;
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
