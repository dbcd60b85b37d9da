import type { Audit } from "../../../functions/core/audits/audit.ts";
import { isMatch, newestFirst } from "../../../functions/core/audits/audit-filter.ts";
import type { AuditListing } from "../../../functions/core/audits/ports.ts";
import type { PagePosition } from "../../../functions/core/shared/ports.ts";
import { byName, copyOf, type MemoryState, nameOf } from "./state.ts";

/** One request reads at most this multiple of its page size. */
const pagesPerRequest = 5;

/** Lists an issuer's audits in memory, newest first unless another order is asked for. */
export function memoryAuditListing({ audits }: MemoryState): AuditListing {
  return {
    async list(organizationId, filter, size, from, { by, isAscending } = newestFirst) {
      const positionOf = (audit: Audit): PagePosition => ({ at: audit[by] ?? 0, id: audit.auditId });
      const newest = (a: PagePosition, b: PagePosition) =>
        b.at - a.at || byName(nameOf(organizationId, b.id), nameOf(organizationId, a.id));
      const compare = (a: PagePosition, b: PagePosition) => (isAscending ? newest(b, a) : newest(a, b));
      const { transactionIds, since, before, settledSince, settledBefore } = filter;
      const range = by === "createdAt" ? { since, before } : { settledSince, settledBefore };
      const rows = [...audits.values()]
        .filter((audit) => audit.organizationId === organizationId && audit[by] !== undefined)
        .filter((audit) => isMatch(audit, { transactionIds, ...range }))
        .sort((a, b) => compare(positionOf(a), positionOf(b)))
        .filter((audit) => from === undefined || compare(positionOf(audit), from) > 0);
      const items: Audit[] = [];
      for (const [looked, audit] of rows.entries()) {
        const isLast = looked === rows.length - 1;
        if (isMatch(audit, filter)) items.push(copyOf(audit));
        if (!isLast && (items.length === size || looked + 1 === size * pagesPerRequest)) {
          return { items, next: positionOf(audit) };
        }
      }
      return { items, next: undefined };
    },
  };
}
