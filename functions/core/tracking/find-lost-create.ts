import type { Audit } from "../audits/audit.ts";
import type { AuditListing } from "../audits/ports.ts";
import { isSameRequest, type RequestAtKard } from "../kard/same-request.ts";
import type { PagePosition } from "../shared/ports.ts";

/** The contents of an audit at Kard. */
export interface KardContents {
  /** Absent if unknown. */
  userId: string | undefined;
  request: RequestAtKard;
}

const auditsPerPage = 100;
/** Further audits of a transaction are not searched. */
const maxPages = 20;

/**
 * Finds the audit whose create made an audit at Kard but whose response was lost: the only unconfirmed one with the
 * same contents. `undefined` if there is none, or more than one.
 */
export function findLostCreate(deps: { listing: AuditListing }) {
  return async (organizationId: string, contents: KardContents): Promise<Audit | undefined> => {
    const { transactionId } = contents.request;
    if (transactionId === undefined) return undefined;
    const meant: Audit[] = [];
    let position: PagePosition | undefined;
    for (let page = 1; page <= maxPages; page++) {
      const filter = { transactionIds: [transactionId], statuses: ["SUBMITTING"] } as const;
      const { items, next } = await deps.listing.list(organizationId, filter, auditsPerPage, position);
      meant.push(...items.filter((audit) => audit.submission === "unconfirmed" && isMeant(audit, contents)));
      if (meant.length > 1) return undefined;
      if (next === undefined) return meant[0];
      position = next;
    }
    return undefined;
  };
}

function isMeant({ userId, request }: Audit, contents: KardContents): boolean {
  return (userId === undefined || userId === contents.userId) && isSameRequest(request, contents.request);
}
