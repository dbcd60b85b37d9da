import type { Audit } from "../../core/audits/audit.ts";
import { type AuditFilter, type AuditOrder, isMatch, newestFirst } from "../../core/audits/audit-filter.ts";
import type { AuditListing } from "../../core/audits/ports.ts";
import { auditKey, auditOf, referencePartition } from "./audit-row.ts";
import { dynamoKardAuditIds } from "./kard-audit-ids.ts";
import { readItems } from "./table/batches.ts";
import type { IndexCondition } from "./table/index-filter.ts";
import { type DynamoList, readPage } from "./table/listing.ts";
import { key, partsOf, type Table } from "./table/table.ts";

/** Lists an issuer's audits by a Kard id, or by the index with the fewest rows to read. */
export function dynamoAuditListing(table: Table): AuditListing {
  return {
    async list(organizationId, filter, size, from, order = newestFirst) {
      if (filter.kardAuditId !== undefined) {
        const owner = from === undefined ? await dynamoKardAuditIds(table).find(filter.kardAuditId) : undefined;
        if (owner?.organizationId !== organizationId) return { items: [], next: undefined };
        const [audit] = (await readItems(table, [auditKey(owner)], { consistently: true })).map(auditOf);
        const isListed = audit !== undefined && isMatch(audit, filter) && isOrdered(audit, order);
        return { items: isListed ? [audit] : [], next: undefined };
      }
      const { since, before, settledSince, settledBefore } = filter;
      const list: DynamoList<Audit> = {
        ...indexOf(organizationId, filter, order),
        isAscending: order.isAscending,
        idOf: ({ pk }) => partsOf(pk)[2] ?? "",
        keyOf: (auditId) => auditKey({ organizationId, auditId }),
        parse: auditOf,
        isListed: (audit) => isMatch(audit, filter),
      };
      const range = order.by === "settledAt" ? { since: settledSince, before: settledBefore } : { since, before };
      return readPage(table, list, { ...range, from }, size);
    },
  };
}

function isOrdered(audit: Audit, { by }: AuditOrder): boolean {
  return audit[by] !== undefined;
}

/**
 * A transaction and a reference have few audits, so their indexes project no attributes to filter by: `isListed`
 * filters the audits themselves.
 */
function indexOf(
  organizationId: string,
  filter: AuditFilter,
  { by }: AuditOrder,
): Pick<DynamoList<Audit>, "index" | "partition" | "where"> {
  const { transactionId, reference, since, before, settledSince, settledBefore } = filter;
  const transaction = transactionId && key(organizationId, transactionId);
  const ofReference = reference && referencePartition(organizationId, reference);
  const projected = projectedConditions(filter);
  if (by === "settledAt") {
    const where: IndexCondition[] = [
      ...projected,
      { attribute: "transaction", anyOf: only(transaction) },
      { attribute: "issuerReference", anyOf: only(ofReference) },
      { attribute: "listedAt", since, before },
    ];
    return { index: "bySettlement", partition: key(organizationId), where };
  }
  if (transaction !== undefined) return { index: "byTransaction", partition: transaction, where: [] };
  if (ofReference !== undefined) return { index: "byReference", partition: ofReference, where: [] };
  const where: IndexCondition[] = [
    ...projected,
    { attribute: "settledAt", since: settledSince, before: settledBefore },
  ];
  return { index: "byIssuer", partition: key(organizationId), where };
}

/** Conditions on attributes that both `byIssuer` and `bySettlement` project. */
function projectedConditions(filter: AuditFilter): IndexCondition[] {
  return [
    { attribute: "status", anyOf: filter.statuses },
    { attribute: "submission", anyOf: filter.submissions },
    { attribute: "auditCode", anyOf: filter.auditCodes },
    { attribute: "resolutionCode", anyOf: filter.resolutionCodes },
    { attribute: "fulfilment", anyOf: filter.fulfilments },
    { attribute: "merchantName", anyOf: only(filter.merchantName) },
    { attribute: "userId", anyOf: only(filter.userId) },
    { attribute: "overdueAt", exists: filter.isOverdue },
    { attribute: "dueAt", before: filter.dueBefore },
  ];
}

function only(value: string | undefined): [string] | undefined {
  return value === undefined ? undefined : [value];
}
