import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { AuditRemoval } from "../../core/audits/ports.ts";
import { auditKey } from "./audits.ts";
import { removeKardAuditId } from "./kard-audit-ids.ts";
import { fromItem, queryAll, type Table, toItem } from "./table.ts";

const rowOfAudit = z.object({ pk: z.string(), sk: z.string(), kardAuditId: z.string().optional() });

/** Deletes audits with everything in their partition. */
export function dynamoAuditRemoval(table: Table): AuditRemoval {
  const { client, tableName } = table;
  return {
    async remove(key) {
      const items = await queryAll(table, {
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: toItem({ ":pk": auditKey(key).pk }),
        ProjectionExpression: "pk, sk, kardAuditId",
        ConsistentRead: true,
        // Backwards, because the audit's own sort key comes first.
        ScanIndexForward: false,
      });
      let removed = 0;
      for (const item of items) {
        const { pk, sk, kardAuditId } = fromItem(rowOfAudit, item);
        if (kardAuditId !== undefined) removed += await removeKardAuditId(table, { ...key, kardAuditId });
        await client.send(new DeleteItemCommand({ TableName: tableName, Key: toItem({ pk, sk }) }));
        removed++;
      }
      return removed;
    },
  };
}
