import { QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { fulfilment } from "../../core/kard/rewards.ts";
import { shards } from "../../core/shared/lanes.ts";
import { allEnded } from "../../core/shared/settle-all.ts";
import { increment } from "../../core/stats/day-figures.ts";
import type { Period, ReadThrough, StatsSource } from "../../core/stats/ports.ts";
import { lanePartition } from "./table/lane-partitions.ts";
import { fromItem, type Item, key, type Table, toItem } from "./table/table.ts";

const amount = { amountInCents: z.number().optional(), currency: z.string().optional() };
const filedRow = z
  .object({ listedAt: z.number(), ...amount })
  .transform(({ listedAt, ...row }) => ({ at: listedAt, ...row }));
const settledRow = z
  .object({
    ...{ settledAt: z.number(), listedAt: z.number(), status: z.string(), auditCode: z.number() },
    ...{ merchantName: z.string(), resolutionCode: z.number().optional(), ...amount },
  })
  .transform(({ settledAt, listedAt, ...row }) => ({ at: settledAt, createdAt: listedAt, ...row }));
const openRow = z
  .object({ listedAt: z.number(), laneAt: z.number(), status: z.string(), ...amount })
  .transform(({ listedAt, ...row }) => ({ createdAt: listedAt, ...row }));
const followedRow = z.object({ fulfilment });
const deliveryRow = z.object({ subscriptionId: z.string(), status: z.string() });

/** The limit of one read for each part of the figures: 1 MB of an index, about 4,000 rows. */
const maxQueries = 10;

interface IndexRange {
  index: "byIssuer" | "bySettlement" | "lanes";
  partition: readonly [name: string, value: string];
  time: string;
  period: Period;
  isNewestFirst?: boolean;
  /** Reads only rows with this attribute. */
  having?: string;
}

/** Reads rows of an index in order of time, up to `maxQueries` queries. `last` is set if there are more. */
async function readRange({ client, tableName }: Table, range: IndexRange, queries = maxQueries) {
  const { index, partition, time, period, isNewestFirst = false, having } = range;
  const items: Item[] = [];
  let last: Item | undefined;
  if (period.to <= period.from) return { items, last };
  for (let query = 0; query < queries; query++) {
    const response = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: index,
        KeyConditionExpression: "#partition = :partition AND #time BETWEEN :from AND :to",
        ...(having !== undefined && { FilterExpression: "attribute_exists(#having)" }),
        ExpressionAttributeNames: {
          ...{ "#partition": partition[0], "#time": time },
          ...(having !== undefined && { "#having": having }),
        },
        ExpressionAttributeValues: toItem({ ":partition": partition[1], ":from": period.from, ":to": period.to - 1 }),
        ScanIndexForward: !isNewestFirst,
        ExclusiveStartKey: last,
      }),
    );
    items.push(...(response.Items ?? []));
    last = response.LastEvaluatedKey;
    if (last === undefined) break;
  }
  return { items, last };
}

/** Of the last time that was read there may be more rows: they are left to the next read. */
async function readThrough<Row extends { at: number }>(
  table: Table,
  range: IndexRange,
  row: z.ZodType<Row>,
): Promise<ReadThrough<Row>> {
  const { items, last } = await readRange(table, range);
  const rows = items.map((item) => fromItem(row, item));
  if (last === undefined) return { rows, through: range.period.to };
  const through = rows.at(-1)?.at ?? range.period.from;
  return { rows: rows.filter(({ at }) => at < through), through };
}

/** What figures are made from, in the indexes of audits and notifications. */
export function dynamoStatsSource(table: Table): StatsSource {
  return {
    filed(organizationId, period) {
      const partition = ["issuer", key(organizationId)] as const;
      return readThrough(table, { index: "byIssuer", partition, time: "listedAt", period }, filedRow);
    },
    settled(organizationId, period) {
      const partition = ["issuer", key(organizationId)] as const;
      return readThrough(table, { index: "bySettlement", partition, time: "settledAt", period }, settledRow);
    },
    async open(organizationId) {
      const period = { from: 0, to: Number.MAX_SAFE_INTEGER };
      const partitions = shards.flatMap((shard) =>
        (["OPEN", "RECHECK", "SUBMIT"] as const).map((lane) => ({ lane, shard })),
      );
      const read = await allEnded(
        partitions.map(async (of) => {
          const partition = ["lane", lanePartition(of.lane, organizationId, of.shard)] as const;
          const { items, last } = await readRange(table, { index: "lanes", partition, time: "laneAt", period }, 3);
          const rows = items.filter(({ pk }) => pk?.S?.startsWith("AUDIT#"));
          return {
            audits: rows.map((item) => ({ ...fromItem(openRow, item), ...of })),
            isComplete: last === undefined,
          };
        }),
      );
      return {
        audits: read.flatMap(({ audits }) => audits),
        isComplete: read.every(({ isComplete }) => isComplete),
      };
    },
    async fulfilments(organizationId, period) {
      const partition = ["issuer", key(organizationId)] as const;
      const range = { index: "bySettlement", partition, time: "settledAt", period, isNewestFirst: true } as const;
      const { items, last } = await readRange(table, { ...range, having: "fulfilment" });
      const counts: Record<string, number> = {};
      for (const item of items) increment(counts, fromItem(followedRow, item).fulfilment);
      return { counts, isComplete: last === undefined };
    },
    async deliveries(organizationId, period) {
      const partition = ["issuer", key(organizationId, "NOTIFICATIONS")] as const;
      const range = { index: "byIssuer", partition, time: "listedAt", period, isNewestFirst: true } as const;
      const { items, last } = await readRange(table, range);
      const counts: Record<string, Record<string, number>> = {};
      for (const item of items) {
        const { subscriptionId, status } = fromItem(deliveryRow, item);
        counts[subscriptionId] ??= {};
        increment(counts[subscriptionId], status);
      }
      return { counts, isComplete: last === undefined };
    },
  };
}
