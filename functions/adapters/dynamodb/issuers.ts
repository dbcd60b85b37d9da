import { LRUCache } from "lru-cache";
import * as z from "zod";
import type { IssuerDirectory } from "../../core/audits/ports.ts";
import { putRow } from "./table/rows.ts";
import { fromItem, key, queryAll, type Table, toItem } from "./table/table.ts";

const partition = "ISSUERS";
const maxAdded = 1_000;

const row = z.object({ organizationId: z.string() });

/** The directory of issuers: one row each in one partition, because a deployment has hundreds at most. */
export function dynamoIssuers(table: Table): IssuerDirectory {
  return {
    async add(organizationId) {
      const item = { pk: partition, sk: key(organizationId), organizationId };
      // Other functions may keep attributes in the row.
      await putRow(table, item, { condition: "attribute_not_exists(pk)" });
    },

    async list() {
      const items = await queryAll(table, {
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: toItem({ ":pk": partition }),
      });
      return items.map((item) => fromItem(row, item).organizationId);
    },
  };
}

/** Adds issuers to a directory, once per environment for the last 1,000 issuers. Failed additions are retried. */
export function addedOnce(directory: Pick<IssuerDirectory, "add">): (organizationId: string) => Promise<void> {
  const added = new LRUCache<string, Promise<void>>({ max: maxAdded });
  return (organizationId) => {
    const earlier = added.get(organizationId);
    if (earlier !== undefined) return earlier;
    const adding = directory.add(organizationId);
    added.set(organizationId, adding);
    adding.catch(() => added.delete(organizationId));
    return adding;
  };
}
