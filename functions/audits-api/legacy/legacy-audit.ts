import type * as z from "zod";
import type { Audit } from "../../core/audits/audit.ts";
import { timestamp } from "../../core/events/events.ts";
import { kardStatusOf } from "../../core/events/kard-audit-update.ts";
import type { ErrorObject } from "../../platform/http-error.ts";
import type { legacyAuditShape, legacyError, legacyErrorList, legacyUnauthorized } from "../legacy-shapes.ts";

type LegacyErrorBody =
  | z.infer<typeof legacyErrorList>
  | z.infer<typeof legacyUnauthorized>
  | z.infer<typeof legacyError>;

/**
 * An audit in the format of Kard's legacy calls, which have three statuses. An audit that is not yet at Kard is NEW. A
 * rejected one is CLOSED with Kard's reason and without a resolution code, so that clients stop polling.
 */
export function legacyAudit(audit: Audit): z.infer<typeof legacyAuditShape> {
  const { transactionId, auditCode, merchantName, auditDescription, ...optional } = audit.request;
  return {
    _id: audit.auditId,
    transactionId,
    auditCode,
    merchantName,
    auditDescription,
    // Kard's "Get Audit Status": a required string, which v2 audits do not have.
    preferredContactEmail: optional.preferredContactEmail ?? "",
    status: kardStatusOf(audit.status),
    transactionAmountInCents: optional.transactionAmountInCents ?? null,
    referringPartnerUserId: optional.referringPartnerUserId ?? audit.userId ?? null,
    merchantId: optional.merchantId ?? null,
    submitterName: optional.submitterName ?? null,
    ...(audit.refusal === undefined ? audit.resolution : refusalAsResolution(audit, audit.refusal)),
  };
}

function refusalAsResolution({ settledAt }: Audit, { errors }: NonNullable<Audit["refusal"]>) {
  return {
    resolutionCode: null,
    resolutionDescription: `Refused by Kard: ${errors.map(({ detail }) => detail).join("; ")}`,
    resolutionTimeStamp: settledAt === undefined ? null : timestamp(settledAt),
  };
}

/** Errors in the formats of Kard's legacy calls: a list for 400, a message for 401, otherwise a string. */
export function legacyErrorBody(statusCode: number, errors: readonly ErrorObject[]): LegacyErrorBody {
  const texts = errors.map(({ detail, source, meta }) => {
    const where = source?.pointer?.replace(/^\/(data\/\d+\/attributes\/)?/, "");
    const text = where === undefined || where === "" ? detail : `${where}: ${detail}`;
    return meta === undefined ? text : `${text} (audit ${meta.existingAuditId})`;
  });
  if (statusCode === 400) return { errors: texts };
  return statusCode === 401 ? { message: "Unauthorized" } : texts.join("; ");
}
