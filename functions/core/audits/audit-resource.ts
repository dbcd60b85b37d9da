import { type AuditEventBody, timestamp } from "../events/events.ts";
import { meaningOf } from "../kard/resolution-meanings.ts";
import type { Audit } from "./audit.ts";

/** An audit's JSON:API attributes, under Kard's names. Unknown values are left out. */
export function auditAttributes(audit: Audit): AuditEventBody["data"]["attributes"] {
  return {
    organizationId: audit.organizationId,
    status: audit.status,
    ...(audit.kardAuditId === undefined ? {} : { kardAuditId: audit.kardAuditId }),
    ...audit.request,
    ...(audit.reference === undefined ? {} : { reference: audit.reference }),
    ...(audit.metadata === undefined ? {} : { metadata: audit.metadata }),
    ...(audit.dueAt === undefined ? {} : { dueAt: timestamp(audit.dueAt) }),
    ...audit.resolution,
    ...outcomeOf(audit),
    ...(audit.fulfilment === undefined ? {} : { fulfilment: audit.fulfilment }),
  };
}

function outcomeOf({ resolution }: Audit): Pick<AuditEventBody["data"]["attributes"], "outcome" | "nextActor"> {
  if (resolution === undefined) return {};
  const { outcome, nextActor } = meaningOf(resolution.resolutionCode);
  return { outcome, nextActor };
}

/** The user of an audit as a JSON:API relationship, if it has a user. */
export function auditRelationships(audit: Audit): Pick<AuditEventBody["data"], "relationships"> {
  return audit.userId === undefined ? {} : { relationships: { user: { data: { type: "user", id: audit.userId } } } };
}
