import * as z from "zod";
import type { IssuerShard } from "../../../core/shared/lanes.ts";
import type { PollCursors } from "../../../core/tracking/ports.ts";
import { getRow, updateRow } from "../table/rows.ts";
import { fromItem, key, type RowKey, type Table } from "../table/table.ts";

const position = z.object({ organizationId: z.string(), auditId: z.string(), laneAt: z.number() });
const cursor = z.object({ since: z.number().optional(), until: z.number().optional(), position: position.optional() });
const cursorRow = z.object({ cursors: z.record(z.string(), cursor) });

function cursorKey({ organizationId, shard }: IssuerShard): RowKey {
  return { pk: "POLL", sk: key("CURSOR", organizationId, shard) };
}

/** The pollers' cursors: one row per issuer and shard. */
export function dynamoPollCursors(table: Table): PollCursors {
  return {
    async read(of) {
      const item = await getRow(table, cursorKey(of));
      return item === undefined ? {} : fromItem(cursorRow, item).cursors;
    },

    save(of, generation, cursors) {
      return updateRow(table, cursorKey(of), "SET cursors = :cursors, generation = :generation", {
        condition: "attribute_not_exists(generation) OR generation <= :generation",
        values: { ":cursors": cursors, ":generation": generation },
      });
    },
  };
}
