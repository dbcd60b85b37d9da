import * as z from "zod";
import { type Audit, type AuditKey, auditEvent, audit as auditSchema } from "../../core/audits/audit.ts";
import { auditExpiry } from "../../core/audits/audit-expiry.ts";
import { shardOf } from "../../core/shared/lanes.ts";
import type { Retention } from "../../core/shared/retention.ts";
import { lanePartition, outboxPartition } from "./table/lane-partitions.ts";
import { expiring, fromItem, type Item, key, partsOf, type RowKey } from "./table/table.ts";

export function auditKey({ organizationId, auditId }: AuditKey): RowKey {
  return { pk: key("AUDIT", organizationId, auditId), sk: "AUDIT" };
}

export function auditKeyOfRow(pk: string): AuditKey {
  const [, organizationId = "", auditId = ""] = partsOf(pk);
  return { organizationId, auditId };
}

/** An audit as a row: its attributes, its keys, and the keys of its lane, outbox and list indexes. */
export function auditRow(audit: Audit, retention: Retention = {}): Record<string, unknown> {
  const { lane, ...attributes } = audit;
  const shard = shardOf(audit.auditId);
  return {
    ...auditKey(audit),
    ...attributes,
    ...(lane === undefined ? {} : { lane: lanePartition(lane, audit.organizationId, shard) }),
    ...(audit.outboxAt === undefined ? {} : { outbox: outboxPartition(audit.organizationId, shard) }),
    issuer: key(audit.organizationId),
    listedAt: audit.createdAt,
    transaction: key(audit.organizationId, audit.request.transactionId),
    ...listed(audit),
    ...expiring(auditExpiry(audit, retention)),
  };
}

/** The index partition of an issuer's audits with a reference. */
export function referencePartition(organizationId: string, reference: string): string {
  return key(organizationId, reference);
}

/** What lists filter by and figures sum up. An index projects whole attributes only, so parts of others are copied. */
function listed({ organizationId, request, resolution, reference }: Audit): Record<string, unknown> {
  const { auditCode, merchantName, transactionAmountInCents: amountInCents, currency } = request;
  const code = resolution?.resolutionCode;
  return {
    auditCode,
    merchantName,
    ...(amountInCents === undefined ? {} : { amountInCents }),
    ...(currency === undefined ? {} : { currency }),
    ...(code == null ? {} : { resolutionCode: code }),
    ...(reference === undefined ? {} : { issuerReference: referencePartition(organizationId, reference) }),
  };
}

/** A changed event is written as a whole, so attributes of a newer version are kept on it. */
const storedAudit = auditSchema.extend({ events: z.record(z.string(), auditEvent.loose()) });

/** Parses a row. Its lane is stored with issuer and shard, as in `OPEN#bank-a#3`. */
export function auditOf(item: Item): Audit {
  const lane = item.lane?.S?.split("#")[0];
  return fromItem(storedAudit, lane === undefined ? item : { ...item, lane: { S: lane } });
}
