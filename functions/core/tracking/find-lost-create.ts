import type { Audit } from "../audits/audit.ts";
import type { AuditListing } from "../audits/ports.ts";
import { isSameRequest, type RequestAtKard } from "../kard/same-request.ts";
import type { PagePosition } from "../shared/ports.ts";

/** What an audit at Kard is about. */
export interface KardContents {
  /** Absent where it is not known. */
  userId: string | undefined;
  request: RequestAtKard;
}

const auditsPerPage = 100;
/** More audits of one transaction are not looked through. */
const maxPages = 20;

/**
 * The one audit of an issuer whose create was never answered and that asks for what Kard shows: Kard's audit is the one
 * that this create made. `undefined` where none or several may be meant.
 */
export function findLostCreate(deps: { listing: AuditListing }) {
  return async (organizationId: string, contents: KardContents): Promise<Audit | undefined> => {
    const { transactionId } = contents.request;
    if (transactionId === undefined) return undefined;
    const meant: Audit[] = [];
    let position: PagePosition | undefined;
    for (let page = 1; page <= maxPages; page++) {
      const filter = { transactionId, status: "SUBMITTING" } as const;
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
