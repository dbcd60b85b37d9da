import { unmarshall } from "@aws-sdk/util-dynamodb";
import { type DayFigures, dayFigures } from "../../core/stats/day-figures.ts";
import type { DayFigureStore } from "../../core/stats/ports.ts";
import { readItems } from "./table/batches.ts";
import { followsRevision, putRow } from "./table/rows.ts";
import { key, type RowKey, type Table } from "./table/table.ts";

function dayKey(organizationId: string, day: number): RowKey {
  return { pk: key("STATS", organizationId), sk: `DAY#${new Date(day).toISOString().slice(0, 10)}` };
}

/** The figures of days in the table: a row per issuer and day. */
export function dynamoDayFigures(table: Table): DayFigureStore {
  return {
    async getAll(organizationId, days) {
      const items = await readItems(
        table,
        days.map((day) => dayKey(organizationId, day)),
        { consistently: true },
      );
      return new Map(
        items.flatMap((item): [number, DayFigures][] => {
          const { data } = dayFigures.safeParse(unmarshall(item));
          return data === undefined ? [] : [[Date.parse(`${item.sk?.S?.slice("DAY#".length)}T00:00:00Z`), data]];
        }),
      );
    },
    put(organizationId, day, figures) {
      return putRow(table, { ...dayKey(organizationId, day), ...figures }, followsRevision(figures.revision));
    },
  };
}
