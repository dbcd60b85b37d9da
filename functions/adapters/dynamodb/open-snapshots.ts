import * as z from "zod";
import { openSnapshot } from "../../core/stats/open-figures.ts";
import type { OpenSnapshotStore } from "../../core/stats/ports.ts";
import { dueRows, followsRevision, getRow, putRow } from "./table/rows.ts";
import { fromItem, key, partsOf, type RowKey, type Table } from "./table/table.ts";

/** One partition is enough: it has one row for each issuer with many open audits, of those that ask for figures. */
const lane = "SNAPSHOT";

function snapshotKey(organizationId: string): RowKey {
  return { pk: key("STATS", organizationId), sk: "OPEN" };
}

const dueRow = z.object({ pk: z.string(), sk: z.string(), laneAt: z.number() });

/** The figures of open audits in the table: a row per issuer. */
export function dynamoOpenSnapshots(table: Table): OpenSnapshotStore {
  return {
    async get(organizationId) {
      const item = await getRow(table, snapshotKey(organizationId));
      return item && fromItem(openSnapshot, item);
    },

    put(organizationId, snapshot) {
      const row = { ...snapshotKey(organizationId), ...snapshot, ...(snapshot.laneAt !== undefined && { lane }) };
      return putRow(table, row, followsRevision(snapshot.revision));
    },

    async due(now, limit) {
      const { rows } = await dueRows(table, "lanes", lane, dueRow, { until: now, limit, after: undefined });
      return rows.map(({ pk }) => partsOf(pk)[1] ?? "");
    },
  };
}
