import { DeleteItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { AuditRemoval } from "../core/ports.ts";
import { auditKey } from "./dynamo-audits.ts";
import { fromItem, type Table, toItem } from "./dynamo-table.ts";

const rowKey = z.object({ pk: z.string(), sk: z.string() });

/** Deletes audits by their partition: whatever is in it hangs on the audit. */
export function dynamoAuditRemoval({ client, tableName }: Table): AuditRemoval {
  return {
    async remove(key) {
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          KeyConditionExpression: "pk = :pk",
          ExpressionAttributeValues: toItem({ ":pk": auditKey(key).pk }),
          ProjectionExpression: "pk, sk",
          ConsistentRead: true,
          // Backwards, since the audit's own sort key is the first of all.
          ScanIndexForward: false,
        },
      );
      let removed = 0;
      for await (const { Items: items = [] } of pages) {
        for (const item of items) {
          const row = toItem(fromItem(rowKey, item));
          await client.send(new DeleteItemCommand({ TableName: tableName, Key: row }));
          removed++;
        }
      }
      return removed;
    },
  };
}
