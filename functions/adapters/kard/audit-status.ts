import * as z from "zod";
import type { AuditRequest } from "../../core/kard/audit-request.ts";
import type { KardAudit, KardFailure, PartialDefect, StatusOptions, StatusOutcome } from "../../core/kard/ports.ts";
import { isSameKardId } from "../../core/kard/same-kard-id.ts";
import type { KardResponse } from "./http.ts";
import { kardId, optionalInteger, optionalText, parseJson } from "./schemas.ts";

/** The required fields of Kard's "Get Audit Status". */
const statusFields = z.object({ _id: kardId, status: z.string().trim().min(1) });

/** Optional fields of a CLOSED audit. They are ignored if they are missing, null or of another type. */
const resolutionFields = z.object({
  resolutionCode: optionalInteger,
  resolutionDescription: optionalText,
  resolutionTimeStamp: z
    .union([z.string().max(64), z.number().transform(isoTime)])
    .optional()
    .catch(undefined),
});

/** The fields of the request, equally optional. */
const requestFields = z.object({
  transactionId: optionalText,
  auditCode: optionalInteger,
  merchantName: optionalText,
  auditDescription: optionalText,
  preferredContactEmail: optionalText,
  issuer: optionalText,
  transactionAmountInCents: optionalInteger,
  referringPartnerUserId: optionalText,
  merchantId: optionalText,
  submitterName: optionalText,
});

/** Smaller numbers are seconds (until the year 5138), larger ones milliseconds (since March 1973). */
const firstMilliseconds = 100_000_000_000;

/** Converts a numeric time of Kard to ISO 8601. */
function isoTime(epoch: number): string | undefined {
  const date = new Date(Math.abs(epoch) < firstMilliseconds ? epoch * 1_000 : epoch);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** Interprets the response of Kard's "Get Audit Status". With `statusOnly`, the request's fields are not parsed. */
export function interpretStatus(
  response: KardResponse,
  kardAuditId: string,
  { statusOnly = false }: StatusOptions = {},
): StatusOutcome {
  if (!response.answered) return failed(response.reason);
  const { status, retryAfterMs, body } = response;
  if (status === 404) return { outcome: "missing" };
  if (status === 401 || status === 403) return { outcome: "unauthorized" };
  // A 503 with Retry-After asks for a later retry (RFC 9110, 15.6.4).
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) return { outcome: "throttled", retryAfterMs };
  if (status >= 500) return failed("server-error");
  const json = status < 300 ? parseJson(body) : undefined;
  const parsed = statusFields.safeParse(json);
  if (!parsed.success) return { outcome: "not-understood", reason: "malformed-response" };
  const { _id: id } = parsed.data;
  if (!isSameKardId(id, kardAuditId)) {
    return { outcome: "not-understood", reason: "mismatched-response" };
  }
  const request = statusOnly ? undefined : requestOf(json);
  const audit: KardAudit = { kardAuditId: id, request, ...statusOf(parsed.data.status, json) };
  const reason = defectOf(audit, json);
  return { outcome: "known", audit, ...(reason !== undefined && { reason }) };
}

function defectOf(audit: KardAudit, json: unknown): PartialDefect | undefined {
  if (audit.status === "UNKNOWN") return "unknown-status";
  const hasCode = Object(json).resolutionCode != null;
  const isCodeMissing = audit.status === "CLOSED" && audit.resolution.resolutionCode === null;
  return hasCode && isCodeMissing ? "unreadable-resolution" : undefined;
}

function statusOf(kardStatus: string, json: unknown) {
  const status = kardStatus.toUpperCase();
  switch (status) {
    case "NEW":
    case "IN_PROGRESS":
      return { status } as const;
    case "CLOSED": {
      const {
        resolutionCode = null,
        resolutionDescription = null,
        resolutionTimeStamp = null,
      } = resolutionFields.parse(json);
      return { status, resolution: { resolutionCode, resolutionDescription, resolutionTimeStamp } } as const;
    }
    default:
      return { status: "UNKNOWN", kardStatus: printable(kardStatus) } as const;
  }
}

function printable(status: string): string {
  return status
    .slice(0, 64)
    .replace(/[^\p{L}\p{N}\p{P}\p{S} ]+/gu, " ")
    .toWellFormed();
}

/** The request of an audit; `undefined` if Kard does not show its transaction or code. */
function requestOf(json: unknown): AuditRequest | undefined {
  const fields = requestFields.parse(json);
  const { transactionId, auditCode, merchantName = "", auditDescription = "" } = fields;
  if (transactionId === undefined || auditCode === undefined) return undefined;
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), transactionId, auditCode, merchantName, auditDescription };
}

const failed = (reason: KardFailure): StatusOutcome => ({ outcome: "failed", reason });
