import type { Audit } from "../../core/audits/audit.ts";
import type { AuditFilter, AuditListing } from "../../core/audits/ports.ts";
import { auditKey, auditOf } from "./audits.ts";
import { type DynamoList, readPage } from "./listing.ts";
import { key, partsOf, type Table } from "./table.ts";

/** Lists an issuer's audits, newest first, in index `byIssuer`, or in `byTransaction` for one transaction. */
export function dynamoAuditListing(table: Table): AuditListing {
  return {
    list(organizationId, filter, size, from) {
      const { since, before } = filter;
      const list: DynamoList<Audit> = {
        ...indexOf(organizationId, filter),
        idOf: ({ pk }) => partsOf(pk)[2] ?? "",
        keyOf: (auditId) => auditKey({ organizationId, auditId }),
        parse: auditOf,
        isListed: (audit) => matches(audit, filter),
      };
      return readPage(table, list, { since, before, from }, size);
    },
  };
}

/** A transaction has few audits, so its index projects no attributes to filter by. */
function indexOf(
  organizationId: string,
  { transactionId, status, userId }: AuditFilter,
): Pick<DynamoList<Audit>, "index" | "partition" | "where"> {
  if (transactionId !== undefined) {
    return { index: "byTransaction", partition: ["transaction", key(organizationId, transactionId)], where: {} };
  }
  const where = { status: status && [status], userId: userId === undefined ? undefined : [userId] };
  return { index: "byIssuer", partition: ["issuer", key(organizationId)], where };
}

function matches(audit: Audit, { status, userId }: AuditFilter): boolean {
  return (status === undefined || audit.status === status) && (userId === undefined || audit.userId === userId);
}
