import * as z from "zod";
import type { OutboxIndex, OutboxRow } from "../../core/publishing/ports.ts";
import { auditKey, auditKeyOfRow } from "./audit-row.ts";
import { outboxPartition } from "./table/lane-partitions.ts";
import { dueRows } from "./table/rows.ts";
import type { Table } from "./table/table.ts";

const outboxRow = z
  .object({ pk: z.string(), outboxAt: z.number() })
  .transform(({ pk, outboxAt }): OutboxRow => ({ ...auditKeyOfRow(pk), outboxAt }));

/** Audits with events to publish, in index `outbox`. */
export function dynamoOutbox(table: Table): OutboxIndex {
  return {
    due({ organizationId, shard }, until, limit, position) {
      const after = position && { ...auditKey(position), at: position.outboxAt };
      return dueRows(table, "outbox", outboxPartition(organizationId, shard), outboxRow, { until, limit, after });
    },
  };
}
