import { expect } from "@jest/globals";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import { type AuditFilter, newestFirst } from "../../../functions/core/audits/audit-filter.ts";
import type { AuditListing, AuditStore, KardAuditIds } from "../../../functions/core/audits/ports.ts";
import type { PagePosition } from "../../../functions/core/shared/ports.ts";

export interface OpenAuditListing {
  audits: AuditStore;
  kardAuditIds: KardAuditIds;
  listing: AuditListing;
  close: () => Promise<void>;
}

/** All pages of a list, in order. */
export async function everyPage(
  listing: AuditListing,
  filter: AuditFilter,
  size: number,
  organizationId = "org",
  order = newestFirst,
): Promise<Audit[]> {
  const all: Audit[] = [];
  let from: PagePosition | undefined;
  do {
    const page = await listing.list(organizationId, filter, size, from, order);
    expect(page.items.length).toBeLessThanOrEqual(size);
    all.push(...page.items);
    from = page.next;
  } while (from !== undefined);
  return all;
}

export function idsOf(audits: readonly Audit[]): string[] {
  return audits.map(({ auditId }) => auditId).sort();
}
