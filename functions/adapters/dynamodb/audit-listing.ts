import type { Audit } from "../../core/audits/audit.ts";
import { type AuditFilter, type AuditOrder, isMatch, newestFirst } from "../../core/audits/audit-filter.ts";
import type { AuditListing } from "../../core/audits/ports.ts";
import type { Page, PagePosition } from "../../core/shared/ports.ts";
import { auditKey, auditOf, referencePartition } from "./audit-row.ts";
import { findAllKardAudits } from "./kard-audit-ids.ts";
import { readItems } from "./table/batches.ts";
import type { IndexCondition } from "./table/index-filter.ts";
import { type DynamoList, readPage } from "./table/listing.ts";
import { key, partsOf, readableRows, type Table } from "./table/table.ts";

/** Lists an issuer's audits by Kard ids, or by the index with the fewest rows to read. */
export function dynamoAuditListing(table: Table): AuditListing {
  return {
    async list(organizationId, filter, size, from, order = newestFirst) {
      if (filter.kardAuditIds !== undefined) {
        const found = await findAllKardAudits(table, filter.kardAuditIds);
        const keys = found.filter((key) => key.organizationId === organizationId).map(auditKey);
        const audits = readableRows(table, await readItems(table, keys, { consistently: true }), auditOf);
        return pageOf(
          audits.filter((audit) => isMatch(audit, filter)),
          size,
          from,
          order,
        );
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

/** A page of audits that are all known. */
function pageOf(
  audits: readonly Audit[],
  size: number,
  from: PagePosition | undefined,
  { by, isAscending }: AuditOrder,
): Page<Audit> {
  const byAge = (a: PagePosition, b: PagePosition) => a.at - b.at || (a.id < b.id ? -1 : Number(a.id > b.id));
  const compare = (a: PagePosition, b: PagePosition) => (isAscending ? byAge(a, b) : byAge(b, a));
  const rows = audits
    .flatMap((audit) => (audit[by] === undefined ? [] : { audit, at: audit[by], id: audit.auditId }))
    .filter((row) => from === undefined || compare(row, from) > 0)
    .sort(compare);
  const shown = rows.slice(0, size);
  const last = rows.length > size ? shown.at(-1) : undefined;
  return { items: shown.map(({ audit }) => audit), next: last && { at: last.at, id: last.id } };
}

/**
 * A transaction and a reference have few audits, so their indexes project no attributes to filter by: `isListed`
 * filters the audits themselves.
 */
function indexOf(
  organizationId: string,
  filter: AuditFilter,
  { by }: AuditOrder,
): Pick<DynamoList<Audit>, "index" | "partitions" | "where"> {
  const { since, before, settledSince, settledBefore } = filter;
  const transactions = filter.transactionIds?.map((id) => key(organizationId, id));
  const references = filter.references?.map((reference) => referencePartition(organizationId, reference));
  const projected = projectedConditions(filter);
  if (by === "settledAt") {
    const where: IndexCondition[] = [
      ...projected,
      { attribute: "transaction", anyOf: transactions },
      { attribute: "issuerReference", anyOf: references },
      { attribute: "listedAt", since, before },
    ];
    return { index: "bySettlement", partitions: [key(organizationId)], where };
  }
  if (transactions !== undefined) return { index: "byTransaction", partitions: transactions, where: [] };
  if (references !== undefined) return { index: "byReference", partitions: references, where: [] };
  const where: IndexCondition[] = [
    ...projected,
    { attribute: "settledAt", since: settledSince, before: settledBefore },
  ];
  return { index: "byIssuer", partitions: [key(organizationId)], where };
}

/** Conditions on attributes that both `byIssuer` and `bySettlement` project. */
function projectedConditions(filter: AuditFilter): IndexCondition[] {
  return [
    { attribute: "status", anyOf: filter.statuses },
    { attribute: "submission", anyOf: filter.submissions },
    { attribute: "auditCode", anyOf: filter.auditCodes },
    { attribute: "resolutionCode", anyOf: filter.resolutionCodes },
    { attribute: "fulfilment", anyOf: filter.fulfilments },
    { attribute: "merchantName", anyOf: filter.merchantNames },
    { attribute: "userId", anyOf: filter.userIds },
    { attribute: "overdueAt", exists: filter.isOverdue },
    { attribute: "dueAt", before: filter.dueBefore },
  ];
}
