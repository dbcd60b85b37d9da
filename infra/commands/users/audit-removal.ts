import { DeleteItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { auditKey } from "../../../functions/adapters/dynamodb/audit-row.ts";
import { removeKardAuditId } from "../../../functions/adapters/dynamodb/kard-audit-ids.ts";
import { fromItem, queryAll, type Table, toItem } from "../../../functions/adapters/dynamodb/table/table.ts";
import type { AuditKey } from "../../../functions/core/audits/audit.ts";

/** Deletes audits before their expiry. For operators only; the functions have no permission for it. */
export interface AuditRemoval {
  /**
   * Deletes an audit, all its rows, and the row of its Kard id if that row names this audit. It also cleans up if the
   * audit itself is gone. The audit goes last, so that an interrupted deletion can be repeated.
   *
   * @returns the number of deleted rows
   */
  remove(key: AuditKey): Promise<number>;
}

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
