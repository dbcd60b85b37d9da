import type { AuditEventBody } from "../events/events.ts";
import type { Audit } from "./audit.ts";

/** An audit's own facts as JSON:API attributes, under Kard's names; what is not known is left out. */
export function auditAttributes(audit: Audit): AuditEventBody["data"]["attributes"] {
  return {
    organizationId: audit.organizationId,
    status: audit.status,
    ...(audit.kardAuditId === undefined ? {} : { kardAuditId: audit.kardAuditId }),
    ...audit.request,
    ...audit.resolution,
  };
}

/** The user an audit is about, as a JSON:API relationship; nothing for one that came without a user. */
export function auditRelationships(audit: Audit): Pick<AuditEventBody["data"], "relationships"> {
  return audit.userId === undefined ? {} : { relationships: { user: { data: { type: "user", id: audit.userId } } } };
}
