import type { Audit } from "../../functions/core/audits/audit.ts";
import type { AuditFilter, AuditListing } from "../../functions/core/audits/ports.ts";
import type { PagePosition } from "../../functions/core/shared/ports.ts";
import { byName, copyOf, type MemoryState, nameOf } from "./memory-state.ts";

/** One request reads at most this multiple of its page size. */
const pagesPerRequest = 5;

function positionOf({ createdAt, auditId }: Audit): PagePosition {
  return { at: createdAt, id: auditId };
}

/** Lists an issuer's audits in memory, newest first. */
export function memoryAuditListing({ audits }: MemoryState): AuditListing {
  return {
    async list(organizationId, filter, size, from) {
      const compare = (a: PagePosition, b: PagePosition) =>
        b.at - a.at || byName(nameOf(organizationId, b.id), nameOf(organizationId, a.id));
      const rows = [...audits.values()]
        .filter((audit) => audit.organizationId === organizationId && isInRange(audit, filter))
        .sort((a, b) => compare(positionOf(a), positionOf(b)))
        .filter((audit) => from === undefined || compare(positionOf(audit), from) > 0);
      const items: Audit[] = [];
      for (const [looked, audit] of rows.entries()) {
        const isLast = looked === rows.length - 1;
        if (isSelected(audit, filter)) items.push(copyOf(audit));
        if (!isLast && (items.length === size || looked + 1 === size * pagesPerRequest)) {
          return { items, next: positionOf(audit) };
        }
      }
      return { items, next: undefined };
    },
  };
}

function isInRange({ createdAt, request }: Audit, { transactionId, since, before }: AuditFilter): boolean {
  return (
    (transactionId === undefined || request.transactionId === transactionId) &&
    (since === undefined || createdAt >= since) &&
    (before === undefined || createdAt < before)
  );
}

function isSelected(audit: Audit, { status, userId }: AuditFilter): boolean {
  return (status === undefined || audit.status === status) && (userId === undefined || audit.userId === userId);
}
