import { shardOf } from "../../core/shared/lanes.ts";
import {
  type Adoption,
  type AdoptionKey,
  adoptionExpiry,
  adoption as adoptionSchema,
} from "../../core/tracking/adoption.ts";
import type { AdoptionStore } from "../../core/tracking/ports.ts";
import { addedOnce, dynamoIssuers } from "./issuers.ts";
import { lanePartition } from "./table/lane-partitions.ts";
import { deleteRow, getRow, putRow, updateRow } from "./table/rows.ts";
import { expiring, fromItem, key, partsOf, type RowKey, type Table } from "./table/table.ts";

export function adoptionKey({ organizationId, kardAuditId }: AdoptionKey): RowKey {
  return { pk: key("ADOPTION", organizationId, kardAuditId), sk: "ADOPTION" };
}

export function adoptionKeyOfRow(pk: string): AdoptionKey {
  const [, organizationId = "", kardAuditId = ""] = partsOf(pk);
  return { organizationId, kardAuditId };
}

function rowOf(adoption: Adoption): Record<string, unknown> {
  const { organizationId, kardAuditId } = adoption;
  return {
    ...adoptionKey(adoption),
    ...adoption,
    lane: lanePartition("SUBMIT", organizationId, shardOf(kardAuditId)),
    ...expiring(adoptionExpiry(adoption)),
  };
}

/** The number of times that an adoption is added again if an existing one ends before it can be read. */
const maxTries = 3;

/** Pending adoptions in the table. */
export function dynamoAdoptions(table: Table): AdoptionStore {
  const addIssuer = addedOnce(dynamoIssuers(table));
  const get = async (of: AdoptionKey): Promise<Adoption | undefined> => {
    const item = await getRow(table, adoptionKey(of));
    return item === undefined ? undefined : fromItem(adoptionSchema, item);
  };

  return {
    get,

    async add(adoption) {
      // An issuer that is not in the directory is not polled.
      await addIssuer(adoption.organizationId);
      for (let attempt = 1; attempt <= maxTries; attempt++) {
        if ((await putRow(table, rowOf(adoption), { condition: "attribute_not_exists(pk)" })) === "done")
          return adoption;
        const waiting = await get(adoption);
        if (waiting !== undefined) return waiting;
      }
      throw new Error("an adoption kept ending while it was being added");
    },

    postpone(seen, { attempts, laneAt }) {
      return updateRow(table, adoptionKey(seen), "SET attempts = :attempts, laneAt = :laneAt", {
        condition: "laneAt = :seen",
        values: { ":attempts": attempts, ":laneAt": laneAt, ":seen": seen.laneAt },
      });
    },

    remove(seen) {
      return deleteRow(table, adoptionKey(seen), {
        condition: "createdAt = :createdAt AND laneAt = :laneAt",
        values: { ":createdAt": seen.createdAt, ":laneAt": seen.laneAt },
      });
    },
  };
}
