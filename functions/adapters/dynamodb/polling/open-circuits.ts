import * as z from "zod";
import type { CircuitOpenReason, OpenCircuitStore } from "../../../core/tracking/ports.ts";
import { deleteRow, rowsOf, updateRow } from "../table/rows.ts";
import { fromItem, key, type Table } from "../table/table.ts";

const partition = "POLL";

const reasons = ["unauthorized", "throttled", "server-errors", "hanging", "unreachable"] satisfies CircuitOpenReason[];

const row = z.object({
  organizationId: z.string(),
  /** A newer version may know more reasons. The issuer's pause holds for any. */
  reason: z.enum(reasons).catch("unreachable"),
  since: z.number(),
  pausedUntil: z.number(),
});

/** The open circuits in the table: one row per issuer. */
export function dynamoOpenCircuits(table: Table): OpenCircuitStore {
  const keyOf = (organizationId: string) => ({ pk: partition, sk: key("CIRCUIT", organizationId) });
  return {
    async list() {
      return (await rowsOf(table, partition, "CIRCUIT#")).map((item) => fromItem(row, item));
    },

    async record({ organizationId, reason, since, pausedUntil }) {
      const update =
        "SET organizationId = :organizationId, reason = :reason, pausedUntil = :pausedUntil, since = if_not_exists(since, :since)";
      await updateRow(table, keyOf(organizationId), update, {
        condition: "attribute_not_exists(pausedUntil) OR pausedUntil <= :pausedUntil",
        values: {
          ...{ ":organizationId": organizationId, ":reason": reason },
          ...{ ":since": since, ":pausedUntil": pausedUntil },
        },
      });
    },

    async clear({ organizationId, since, pausedUntil }) {
      await deleteRow(table, keyOf(organizationId), {
        condition: "since = :since AND pausedUntil = :pausedUntil",
        values: { ":since": since, ":pausedUntil": pausedUntil },
      });
    },
  };
}
