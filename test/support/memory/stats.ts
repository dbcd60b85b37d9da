import { shardOf } from "../../../functions/core/shared/lanes.ts";
import type { DayFigures } from "../../../functions/core/stats/day-figures.ts";
import { increment } from "../../../functions/core/stats/day-figures.ts";
import type { OpenSnapshot } from "../../../functions/core/stats/open-figures.ts";
import type { DayFigureStore, OpenSnapshotStore, StatsSource } from "../../../functions/core/stats/ports.ts";
import { copyOf, type MemoryState, nameOf } from "./state.ts";

/** What figures are made from, in memory. */
export function memoryStatsSource({ audits, notifications }: MemoryState): StatsSource {
  const of = (organizationId: string) =>
    [...audits.values()].filter((audit) => audit.organizationId === organizationId);
  return {
    async filed(organizationId, { from, to }) {
      const rows = of(organizationId).filter(({ createdAt }) => createdAt >= from && createdAt < to);
      return { rows: rows.map(({ createdAt, request }) => ({ at: createdAt, ...amountOf(request) })), through: to };
    },
    async settled(organizationId, { from, to }) {
      const rows = of(organizationId).flatMap(({ settledAt: at, createdAt, status, request, resolution }) => {
        if (at === undefined || at < from || at >= to) return [];
        const { auditCode, merchantName } = request;
        const resolutionCode = resolution?.resolutionCode ?? undefined;
        return [{ at, createdAt, status, auditCode, merchantName, resolutionCode, ...amountOf(request) }];
      });
      return { rows, through: to };
    },
    async open(organizationId, visit) {
      for (const { auditId, createdAt, status, request, lane, laneAt = 0 } of of(organizationId)) {
        if (lane === undefined || lane === "FOLLOWUP") continue;
        visit({ lane, shard: shardOf(auditId), audits: [{ createdAt, status, laneAt, ...amountOf(request) }] });
      }
      return true;
    },
    async fulfilments(organizationId, { from, to }) {
      const counts: Record<string, number> = {};
      for (const { settledAt: at = 0, fulfilment } of of(organizationId)) {
        if (fulfilment !== undefined && at >= from && at < to) increment(counts, fulfilment);
      }
      return { counts, isComplete: true };
    },
    async deliveries(organizationId, { from, to }) {
      const counts: Record<string, Record<string, number>> = {};
      for (const { organizationId: issuer, createdAt, subscriptionId, status } of notifications.values()) {
        if (issuer !== organizationId || createdAt < from || createdAt >= to) continue;
        counts[subscriptionId] ??= {};
        increment(counts[subscriptionId], status);
      }
      return { counts, isComplete: true };
    },
  };
}

function amountOf({
  transactionAmountInCents,
  currency,
}: {
  transactionAmountInCents?: number | undefined;
  currency?: string | undefined;
}) {
  return { amountInCents: transactionAmountInCents, currency };
}

/** The figures of days in memory. */
export function memoryDayFigures(): DayFigureStore {
  const rows = new Map<string, DayFigures>();
  const name = (organizationId: string, day: number) => nameOf(organizationId, String(day));
  return {
    async getAll(organizationId, days) {
      return new Map(
        days.flatMap((day): [number, DayFigures][] => {
          const row = rows.get(name(organizationId, day));
          return row === undefined ? [] : [[day, copyOf(row)]];
        }),
      );
    },
    async put(organizationId, day, figures) {
      if ((rows.get(name(organizationId, day))?.revision ?? 0) !== figures.revision - 1) return "stale";
      rows.set(name(organizationId, day), copyOf(figures));
      return "done";
    },
  };
}

/** The figures of open audits in memory. */
export function memoryOpenSnapshots(): OpenSnapshotStore {
  const rows = new Map<string, OpenSnapshot>();
  return {
    async get(organizationId) {
      const row = rows.get(organizationId);
      return row && copyOf(row);
    },
    async put(organizationId, snapshot) {
      if ((rows.get(organizationId)?.revision ?? 0) !== snapshot.revision - 1) return "stale";
      rows.set(organizationId, copyOf(snapshot));
      return "done";
    },
    async due(now, limit) {
      const due = [...rows].flatMap(([organizationId, { laneAt }]) =>
        laneAt !== undefined && laneAt <= now ? [{ organizationId, laneAt }] : [],
      );
      return due
        .sort((a, b) => a.laneAt - b.laneAt)
        .slice(0, limit)
        .map(({ organizationId }) => organizationId);
    },
  };
}
