import type { z } from "zod";
import type { Audit } from "../core/audits/audit.ts";
import { timestamp } from "../core/events/events.ts";
import type { ErrorObject } from "../platform/http-error.ts";
import type { legacyError, legacyErrorList, legacyUnauthorized, shownLegacyAudit } from "./legacy-shapes.ts";

type LegacyErrorBody =
  | z.infer<typeof legacyErrorList>
  | z.infer<typeof legacyUnauthorized>
  | z.infer<typeof legacyError>;

/**
 * An audit as Kard's legacy calls show it. They know three statuses: one on its way to Kard is NEW, and one that Kard
 * refused is CLOSED without a resolution code, with Kard's reason, so that whoever polls for CLOSED comes to an end.
 */
export function legacyAudit(audit: Audit): z.infer<typeof shownLegacyAudit> {
  const { transactionId, auditCode, merchantName, auditDescription, ...optional } = audit.request;
  return {
    _id: audit.auditId,
    transactionId,
    auditCode,
    merchantName,
    auditDescription,
    // Kard's reference, Get Audit Status: a required string, which an audit of v2 has not got.
    preferredContactEmail: optional.preferredContactEmail ?? "",
    status: legacyStatus(audit),
    transactionAmountInCents: optional.transactionAmountInCents ?? null,
    referringPartnerUserId: optional.referringPartnerUserId ?? audit.userId ?? null,
    merchantId: optional.merchantId ?? null,
    submitterName: optional.submitterName ?? null,
    ...(audit.refusal === undefined ? audit.resolution : refusalAsResolution(audit, audit.refusal)),
  };
}

function legacyStatus({ status }: Audit): "NEW" | "IN_PROGRESS" | "CLOSED" {
  switch (status) {
    case "SUBMITTING":
    case "NEW":
      return "NEW";
    case "IN_PROGRESS":
      return "IN_PROGRESS";
    case "CLOSED":
    case "REJECTED":
      return "CLOSED";
  }
}

function refusalAsResolution({ settledAt }: Audit, { errors }: NonNullable<Audit["refusal"]>) {
  return {
    resolutionCode: null,
    resolutionDescription: `Refused by Kard: ${errors.map(({ detail }) => detail).join("; ")}`,
    resolutionTimeStamp: settledAt === undefined ? null : timestamp(settledAt),
  };
}

/** Errors in the shapes of Kard's legacy calls: a list for 400, a message for 401, a bare string for the rest. */
export function legacyErrorBody(statusCode: number, errors: readonly ErrorObject[]): LegacyErrorBody {
  const texts = errors.map(({ detail, source, meta }) => {
    const where = source?.pointer?.replace(/^\/(data\/\d+\/attributes\/)?/, "");
    const text = where === undefined || where === "" ? detail : `${where}: ${detail}`;
    return meta === undefined ? text : `${text} (audit ${meta.existingAuditId})`;
  });
  if (statusCode === 400) return { errors: texts };
  return statusCode === 401 ? { message: "Unauthorized" } : texts.join("; ");
}
