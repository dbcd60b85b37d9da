import { paginateQuery, QueryCommand, type QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { type AuditKey, auditStatus } from "../core/audit.ts";
import { lanePartition, outboxPartition, shards } from "../core/lanes.ts";
import type { AuditLanes, LaneRow, OutboxIndex } from "../core/ports.ts";
import { auditKey } from "./dynamo-audits.ts";
import { fromItem, type Item, partsOf, type Table, toItem } from "./dynamo-table.ts";

const laneRow = z
  .object({ pk: z.string(), laneAt: z.number(), status: auditStatus, kardAuditId: z.string().optional() })
  .transform(({ pk, laneAt, status, kardAuditId }): LaneRow => ({ ...keyOf(pk), laneAt, status, kardAuditId }));

const outboxRow = z.object({ pk: z.string() }).transform(({ pk }) => keyOf(pk));

function keyOf(pk: string) {
  const [, organizationId = "", auditId = ""] = partsOf(pk);
  return { organizationId, auditId };
}

/** Audits in their lanes, by index `lanes`. */
export function dynamoAuditLanes(table: Table): AuditLanes {
  const rows = async (lane: string, from: number, to: number, limit: number, startKey?: Item): Promise<LaneRow[]> => {
    const items = await query(table, {
      IndexName: "lanes",
      KeyConditionExpression: "lane = :lane AND laneAt BETWEEN :from AND :to",
      ExpressionAttributeValues: toItem({ ":lane": lane, ":from": from, ":to": to }),
      // Just what is read of a row: a page has a thousand, and the SDK takes its time for each attribute.
      ProjectionExpression: "pk, laneAt, #status, kardAuditId",
      ExpressionAttributeNames: { "#status": "status" },
      Limit: limit,
      ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
    });
    return items.map((item) => fromItem(laneRow, item));
  };

  return {
    async oldestOpen(shard) {
      const [oldest] = await rows(lanePartition("OPEN", shard), 0, Number.MAX_SAFE_INTEGER, 1);
      return oldest?.laneAt;
    },
    open(shard, window, after, limit) {
      const lane = lanePartition("OPEN", shard);
      const startKey = after === undefined ? undefined : toItem({ ...auditKey(after), lane, laneAt: after.laneAt });
      return rows(lane, window.from, window.to, limit, startKey);
    },
    due(lane, shard, now, limit) {
      return rows(lanePartition(lane, shard), 0, now, limit);
    },
  };
}

/** Audits with events that someone may still be owed, by index `outbox`. */
export function dynamoOutbox(table: Table): OutboxIndex {
  return {
    async due(shard, now, limit) {
      const items = await query(table, {
        IndexName: "outbox",
        KeyConditionExpression: "outbox = :outbox AND outboxAt <= :now",
        ExpressionAttributeValues: toItem({ ":outbox": outboxPartition(shard), ":now": now }),
        Limit: limit,
      });
      return items.map((item) => fromItem(outboxRow, item));
    },

    async ofIssuer(organizationId) {
      const found = new Map<string, AuditKey>();
      const read = async (shard: number, ScanIndexForward: boolean): Promise<number> => {
        const pages = paginateQuery(
          { client: table.client },
          {
            TableName: table.tableName,
            IndexName: "outbox",
            KeyConditionExpression: "outbox = :outbox",
            ExpressionAttributeValues: toItem({ ":outbox": outboxPartition(shard) }),
            ProjectionExpression: "pk",
            ScanIndexForward,
          },
        );
        let count = 0;
        for await (const { Items: items = [] } of pages) {
          count++;
          const rows = items.map((item) => fromItem(outboxRow, item));
          for (const row of rows) if (row.organizationId === organizationId) found.set(row.auditId, row);
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

async function query({ client, tableName }: Table, input: Omit<QueryCommandInput, "TableName">): Promise<Item[]> {
  const { Items: items = [] } = await client.send(new QueryCommand({ TableName: tableName, ...input }));
  return items;
}
