import type { Audit } from "../core/audit.ts";
import { pageToken, readPageToken } from "../core/page-token.ts";
import type { AuditFilter, AuditListing, Page } from "../core/ports.ts";

export interface ListAuditsInput {
  organizationId: string;
  filter: AuditFilter;
  size: number;
  token: string | undefined;
}

/** A page and the token of the next; `token-refused` for a token that is not of this issuer and this filter. */
export type ListAuditsOutcome =
  | { outcome: "listed"; audits: Audit[]; next: string | undefined }
  | { outcome: "token-refused" };

/** Lists an issuer's audits, newest first, a page at a time. */
export function listAudits(deps: { listing: AuditListing; tokenSecret: () => Promise<Uint8Array> }) {
  return async ({ organizationId, filter, size, token }: ListAuditsInput): Promise<ListAuditsOutcome> => {
    const list = JSON.stringify([organizationId, filter]);
    const from = token === undefined ? undefined : readPageToken(await deps.tokenSecret(), list, token);
    if (token !== undefined && from === undefined) return { outcome: "token-refused" };
    const page: Page<Audit> = await deps.listing.list(organizationId, filter, size, from);
    const next = page.next === undefined ? undefined : pageToken(await deps.tokenSecret(), list, page.next);
    return { outcome: "listed", audits: page.items, next };
  };
}
