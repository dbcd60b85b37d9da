import type { AuditListing } from "../../core/audits/ports.ts";
import type { PagePosition } from "../../core/shared/ports.ts";
import { auditResource } from "../audit/audit-details.ts";
import type { AuditQuery } from "../list-input.ts";
import { countThatFits } from "./response-size.ts";

/** Reads a page of an issuer's audits. It is shorter than its size if the audits do not fit into a response. */
export function listAudits({ listing }: { listing: AuditListing }) {
  return async function list(organizationId: string, query: AuditQuery): Promise<AuditPage> {
    const { filter, size, from, order } = query;
    const { items, next } = await listing.list(organizationId, filter, size, from, order);
    const audits = items.map(auditResource);
    const count = countThatFits(audits);
    return count === audits.length ? { audits, next } : list(organizationId, { ...query, size: count });
  };
}

interface AuditPage {
  audits: ReturnType<typeof auditResource>[];
  next: PagePosition | undefined;
}
