import { paginateQuery, QueryCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { AuditKey } from "../core/audit.ts";
import { shards } from "../core/lanes.ts";
import type { OutboxIndex, OutboxRow } from "../core/ports.ts";
import { auditKey, auditKeyOfRow } from "./dynamo-audits.ts";
import { fromItem, type Table, toItem } from "./dynamo-table.ts";
import { outboxPartition } from "./lane-partitions.ts";

const outboxRow = z
  .object({ pk: z.string(), outboxAt: z.number() })
  .transform(({ pk, outboxAt }): OutboxRow => ({ ...auditKeyOfRow(pk), outboxAt }));

const keyRow = z.object({ pk: z.string() });

/** Audits with events that someone may still be owed, by index `outbox`. */
export function dynamoOutbox({ client, tableName }: Table): OutboxIndex {
  const index = { TableName: tableName, IndexName: "outbox" };
  return {
    async due({ organizationId, shard }, now, limit, after) {
      const outbox = outboxPartition(organizationId, shard);
      const { Items: items = [], LastEvaluatedKey: last } = await client.send(
        new QueryCommand({
          ...index,
          KeyConditionExpression: "outbox = :outbox AND outboxAt <= :now",
          ExpressionAttributeValues: toItem({ ":outbox": outbox, ":now": now }),
          Limit: limit,
          ...(after && { ExclusiveStartKey: toItem({ ...auditKey(after), outbox, outboxAt: after.outboxAt }) }),
        }),
      );
      return { rows: items.map((item) => fromItem(outboxRow, item)), next: last && fromItem(outboxRow, last) };
    },

    async ofIssuer(organizationId) {
      const found = new Map<string, AuditKey>();
      const read = async (shard: number, ScanIndexForward: boolean): Promise<number> => {
        const pages = paginateQuery(
          { client },
          {
            ...index,
            KeyConditionExpression: "outbox = :outbox",
            ExpressionAttributeValues: toItem({ ":outbox": outboxPartition(organizationId, shard) }),
            ProjectionExpression: "pk",
            ScanIndexForward,
          },
        );
        let count = 0;
        for await (const { Items: items = [] } of pages) {
          count++;
          const keys = items.map((item) => auditKeyOfRow(fromItem(keyRow, item).pk));
          for (const key of keys) found.set(key.auditId, key);
        }
        return count;
      };
      for (const shard of shards) {
        // A row whose time is changed between two pages may pass by a reader who goes one way, and not one who goes the other.
        if ((await read(shard, true)) > 1) await read(shard, false);
      }
      return [...found.values()].sort((a, b) => (a.auditId < b.auditId ? -1 : 1));
    },
  };
}
