import * as z from "zod";
import { fulfilment } from "../../core/kard/rewards.ts";
import { shards } from "../../core/shared/lanes.ts";
import { settleAll } from "../../core/shared/settle-all.ts";
import { increment } from "../../core/stats/day-figures.ts";
import type { Period, ReadThrough, StatsSource } from "../../core/stats/ports.ts";
import { type IndexRange, visitRange } from "./table/index-range.ts";
import { lanePartition } from "./table/lane-partitions.ts";
import { key, type Table } from "./table/table.ts";

/** The rows of each kind, and the attributes that are read for them. A page has thousands of rows. */
const amount = { amountInCents: z.number().optional(), currency: z.string().optional() };
const filedAttributes = { listedAt: z.number(), ...amount };
const settledAttributes = {
  ...{ settledAt: z.number(), listedAt: z.number(), status: z.string(), auditCode: z.number() },
  ...{ merchantName: z.string(), resolutionCode: z.number().optional(), ...amount },
};
const openAttributes = { listedAt: z.number(), laneAt: z.number(), status: z.string(), ...amount };
const filedRow = z.object(filedAttributes).transform(({ listedAt, ...row }) => ({ at: listedAt, ...row }));
const settledRow = z
  .object(settledAttributes)
  .transform(({ settledAt, listedAt, ...row }) => ({ at: settledAt, createdAt: listedAt, ...row }));
const openRow = z.object(openAttributes).transform(({ listedAt, ...row }) => ({ createdAt: listedAt, ...row }));
const followedRow = z.object({ fulfilment: fulfilment.catch("unknown") });
const deliveryRow = z.object({ subscriptionId: z.string(), status: z.string() });

/** Reads the rows of an index in order of time. `isComplete` is false if there are more. */
async function readRange<Row>(table: Table, range: IndexRange<Row>) {
  const rows: Row[] = [];
  const isComplete = await visitRange(table, range, (page) => {
    for (const row of page) rows.push(row);
  });
  return { rows, isComplete };
}

/** Of the last time that was read there may be more rows: they are left to the next read. */
async function readThrough<Row extends { at: number }>(
  table: Table,
  range: IndexRange<Row>,
): Promise<ReadThrough<Row>> {
  const { rows, isComplete } = await readRange(table, range);
  if (isComplete) return { rows, through: range.period.to };
  const through = rows.at(-1)?.at ?? range.period.from;
  return { rows: rows.filter(({ at }) => at < through), through };
}

/** What figures are made from, in the indexes of audits and notifications. */
export function dynamoStatsSource(table: Table): StatsSource {
  const settledOf = (organizationId: string, period: Period) =>
    ({ index: "bySettlement", partition: ["issuer", key(organizationId)], time: "settledAt", period }) as const;
  const listedOf = (issuer: string, period: Period) =>
    ({ index: "byIssuer", partition: ["issuer", issuer], time: "listedAt", period }) as const;

  return {
    filed(organizationId, period) {
      const range = listedOf(key(organizationId), period);
      return readThrough(table, { ...range, row: filedRow, attributes: Object.keys(filedAttributes) });
    },
    settled(organizationId, period) {
      const range = settledOf(organizationId, period);
      return readThrough(table, { ...range, row: settledRow, attributes: Object.keys(settledAttributes) });
    },
    async open(organizationId, visit) {
      const period = { from: 0, to: Number.MAX_SAFE_INTEGER };
      const partitions = shards.flatMap((shard) =>
        (["OPEN", "RECHECK", "SUBMIT"] as const).map((lane) => ({ lane, shard })),
      );
      const { values, failures } = await settleAll(partitions, (of) => {
        const partition = ["lane", lanePartition(of.lane, organizationId, of.shard)] as const;
        const range: IndexRange<z.output<typeof openRow>> = {
          ...{ index: "lanes", partition, time: "laneAt", period, row: openRow },
          attributes: ["pk", ...Object.keys(openAttributes)],
          isRow: ({ pk }) => pk?.S?.startsWith("AUDIT#") === true,
        };
        return visitRange(table, range, (audits) => visit({ ...of, audits }));
      });
      if (failures.length > 0) throw failures[0];
      return values.every((isComplete) => isComplete);
    },
    async fulfilments(organizationId, period) {
      const { rows, isComplete } = await readRange(table, {
        ...{ ...settledOf(organizationId, period), isNewestFirst: true, row: followedRow, attributes: ["fulfilment"] },
        filter: "attribute_exists(#fulfilment)",
      });
      const counts: Record<string, number> = {};
      for (const row of rows) increment(counts, row.fulfilment);
      return { counts, isComplete };
    },
    async deliveries(organizationId, period) {
      const { rows, isComplete } = await readRange(table, {
        ...{ ...listedOf(key(organizationId, "NOTIFICATIONS"), period), isNewestFirst: true, row: deliveryRow },
        attributes: ["subscriptionId", "status"],
      });
      const counts: Record<string, Record<string, number>> = {};
      for (const { subscriptionId, status } of rows) {
        counts[subscriptionId] ??= {};
        increment(counts[subscriptionId], status);
      }
      return { counts, isComplete };
    },
  };
}
