import { QueryCommand, type QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as z from "zod";
import { auditStatus } from "../../core/audits/audit.ts";
import { shardOf } from "../../core/shared/lanes.ts";
import { type AdoptionRow, isAdoption } from "../../core/tracking/adoption.ts";
import type { AuditLanePage, AuditLanes, DuePosition, LanePosition, LaneRow } from "../../core/tracking/ports.ts";
import { adoptionKey, adoptionKeyOfRow } from "./adoptions.ts";
import { auditKey, auditKeyOfRow } from "./audit-row.ts";
import { lanePartition } from "./table/lane-partitions.ts";
import { updateRow } from "./table/rows.ts";
import { fromItem, type RowKey, type Table, toItem } from "./table/table.ts";

const place = z.object({ pk: z.string(), laneAt: z.number() });

const lanePosition = place.transform(({ pk, laneAt }): LanePosition => ({ ...auditKeyOfRow(pk), laneAt }));

const laneRow = place
  .extend({ status: auditStatus, kardAuditId: z.string().optional(), dueAt: z.number().optional() })
  .transform(({ pk, laneAt, status, kardAuditId, dueAt }): LaneRow => {
    return { ...auditKeyOfRow(pk), laneAt, status, kardAuditId, dueAt };
  });

const adoptionRow = place
  .extend({ pk: z.string().startsWith("ADOPTION#") })
  .transform(({ pk, laneAt }): AdoptionRow => ({ ...adoptionKeyOfRow(pk), laneAt }));

/** How to parse rows of lane OPEN, and of the lanes that may hold adoptions. */
const auditRows = { row: laneRow, position: lanePosition };
const dueRows = { row: adoptionRow.or(laneRow), position: adoptionRow.or(lanePosition) };

function keyOf(position: DuePosition): RowKey {
  return isAdoption(position) ? adoptionKey(position) : auditKey(position);
}

/** The lanes of audits and adoptions, in index `lanes`. */
export function dynamoAuditLanes(table: Table): AuditLanes {
  const { client, tableName } = table;
  const page = async <Row, Position>(
    lane: string,
    window: { from: number; to: number },
    limit: number,
    after: DuePosition | undefined,
    { row, position }: { row: z.ZodType<Row>; position: z.ZodType<Position> },
  ): Promise<AuditLanePage<Row, Position>> => {
    const query: QueryCommandInput = {
      TableName: tableName,
      IndexName: "lanes",
      KeyConditionExpression: "lane = :lane AND laneAt BETWEEN :from AND :to",
      ExpressionAttributeValues: toItem({ ":lane": lane, ":from": window.from, ":to": window.to }),
      // Only the attributes that are used: a page has up to 1,000 rows, and the SDK spends time on each attribute.
      ProjectionExpression: "pk, laneAt, #status, kardAuditId, dueAt",
      ExpressionAttributeNames: { "#status": "status" },
      Limit: limit,
      ...(after && { ExclusiveStartKey: toItem({ ...keyOf(after), lane, laneAt: after.laneAt }) }),
    };
    const { Items: items = [], LastEvaluatedKey: last } = await client.send(new QueryCommand(query));
    const read = items.map((item) => row.safeParse(unmarshall(item)));
    return {
      rows: read.flatMap(({ data }) => data ?? []),
      next: last && fromItem(position, last),
      errors: read.flatMap(({ error }) => error ?? []),
    };
  };

  return {
    async oldestOpen({ organizationId, shard }) {
      const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
      // Only the place is parsed: an unreadable oldest row must not stop its shard's polling.
      const rawRows = { ...auditRows, row: place };
      const { rows } = await page(lanePartition("OPEN", organizationId, shard), always, 1, undefined, rawRows);
      return rows[0]?.laneAt;
    },
    open({ organizationId, shard }, window, after, limit) {
      return page(lanePartition("OPEN", organizationId, shard), window, limit, after, auditRows);
    },
    due(lane, { organizationId, shard }, now, limit, after) {
      return page(lanePartition(lane, organizationId, shard), { from: 0, to: now }, limit, after, dueRows);
    },
    async postpone(lane, row, laneAt) {
      const partition = lanePartition(
        lane,
        row.organizationId,
        shardOf(isAdoption(row) ? row.kardAuditId : row.auditId),
      );
      await updateRow(table, keyOf(row), "SET laneAt = :laneAt", {
        condition: "lane = :lane AND laneAt = :seen",
        values: { ":laneAt": laneAt, ":lane": partition, ":seen": row.laneAt },
      });
    },
  };
}
