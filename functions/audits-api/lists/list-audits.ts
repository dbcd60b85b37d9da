import type { AuditListing } from "../../core/audits/ports.ts";
import { auditResource } from "../audit/audit-details.ts";
import type { AuditQuery } from "../list-input.ts";
import { countThatFits } from "./response-size.ts";

/** Reads a page of an issuer's audits. It is shorter than its size if the audits do not fit into a response. */
export function listAudits({ listing }: { listing: AuditListing }) {
  return async (organizationId: string, { filter, size, from, order }: AuditQuery) => {
    const { items, next } = await listing.list(organizationId, filter, size, from, order);
    const audits = items.map(auditResource);
    const count = countThatFits(audits);
    const last = items[count - 1];
    if (last === undefined || count === items.length) return { audits, next };
    return { audits: audits.slice(0, count), next: { at: last[order.by] ?? 0, id: last.auditId } };
  };
}
