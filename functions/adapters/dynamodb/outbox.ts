import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { OutboxIndex, OutboxRow } from "../../core/publishing/ports.ts";
import { auditKey, auditKeyOfRow } from "./audits.ts";
import { outboxPartition } from "./lane-partitions.ts";
import { fromItem, type Table, toItem } from "./table.ts";

const outboxRow = z
  .object({ pk: z.string(), outboxAt: z.number() })
  .transform(({ pk, outboxAt }): OutboxRow => ({ ...auditKeyOfRow(pk), outboxAt }));

/** Audits with events to publish, in index `outbox`. */
export function dynamoOutbox({ client, tableName }: Table): OutboxIndex {
  return {
    async due({ organizationId, shard }, now, limit, after) {
      const outbox = outboxPartition(organizationId, shard);
      const { Items: items = [], LastEvaluatedKey: last } = await client.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: "outbox",
          KeyConditionExpression: "outbox = :outbox AND outboxAt <= :now",
          ExpressionAttributeValues: toItem({ ":outbox": outbox, ":now": now }),
          Limit: limit,
          ...(after && { ExclusiveStartKey: toItem({ ...auditKey(after), outbox, outboxAt: after.outboxAt }) }),
        }),
      );
      return { rows: items.map((item) => fromItem(outboxRow, item)), next: last && fromItem(outboxRow, last) };
    },
  };
}
