import { DeleteItemCommand, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { AuditKey } from "../../core/audits/audit.ts";
import type { KardAuditIds } from "../../core/audits/ports.ts";
import { conditionally, fromItem, key, type Table, toItem } from "./table.ts";

const row = z.object({ organizationId: z.string(), auditId: z.string() });

const isOwn = "organizationId = :organizationId AND auditId = :auditId";
const isFreeOrOwn = "attribute_not_exists(pk) OR (organizationId = :organizationId AND auditId = :auditId)";

/** The base key of the row that maps a Kard id to its audit. Kard's ids are unique over all issuers. */
export function kardAuditIdKey(kardAuditId: string): { pk: string; sk: string } {
  return { pk: key("KARDAUDIT", kardAuditId), sk: "OWNER" };
}

/** Maps Kard's audit ids to audits: one row per id, written once. */
export function dynamoKardAuditIds({ client, tableName }: Table): KardAuditIds {
  const find = async (kardAuditId: string): Promise<AuditKey | undefined> => {
    const get = new GetItemCommand({
      TableName: tableName,
      Key: toItem(kardAuditIdKey(kardAuditId)),
      ConsistentRead: true,
    });
    const { Item: item } = await client.send(get);
    return item === undefined ? undefined : fromItem(row, item);
  };

  return {
    find,

    async claim(kardAuditId, { organizationId, auditId }) {
      const put = new PutItemCommand({
        TableName: tableName,
        Item: toItem({ ...kardAuditIdKey(kardAuditId), organizationId, auditId }),
        ConditionExpression: isFreeOrOwn,
        ExpressionAttributeValues: ownerValues({ organizationId, auditId }),
      });
      // A second read is needed: dynalite does not return the existing item when a condition fails.
      if ((await conditionally(client.send(put))) === "done") return { organizationId, auditId };
      const owner = await find(kardAuditId);
      if (owner === undefined) throw new Error("the owner of a Kard id cannot be read");
      return owner;
    },
  };
}

/** Lets the row of a Kard id expire with its audit (epoch seconds), unless it belongs to another audit. */
export async function expireKardAuditId(
  { client, tableName }: Table,
  { organizationId, auditId, kardAuditId }: AuditKey & { kardAuditId: string },
  expiresAt: number,
): Promise<void> {
  const put = new PutItemCommand({
    TableName: tableName,
    Item: toItem({ ...kardAuditIdKey(kardAuditId), organizationId, auditId, expiresAt }),
    ConditionExpression: isOwn,
    ExpressionAttributeValues: ownerValues({ organizationId, auditId }),
  });
  await conditionally(client.send(put));
}

/** Deletes the row of a Kard id if it belongs to the audit. Returns the number of deleted rows. */
export async function removeKardAuditId(
  { client, tableName }: Table,
  audit: AuditKey & { kardAuditId: string },
): Promise<number> {
  const remove = new DeleteItemCommand({
    TableName: tableName,
    Key: toItem(kardAuditIdKey(audit.kardAuditId)),
    ConditionExpression: isOwn,
    ExpressionAttributeValues: ownerValues(audit),
  });
  return (await conditionally(client.send(remove))) === "done" ? 1 : 0;
}

function ownerValues({ organizationId, auditId }: AuditKey) {
  return toItem({ ":organizationId": organizationId, ":auditId": auditId });
}
