import { QueryCommand } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import type { Audit } from "../core/audit.ts";
import type { AuditFilter, AuditListing, PagePosition } from "../core/ports.ts";
import { auditKey, auditOf } from "./dynamo-audits.ts";
import { fromItem, type Item, key, partsOf, readItems, type Table, toItem } from "./dynamo-table.ts";

const listRow = z.object({ pk: z.string(), sk: z.literal("AUDIT"), listedAt: z.number() });
type ListRow = z.infer<typeof listRow>;

/** The most index pages that one request reads before it answers with what it has found. */
const pagesPerRequest = 5;

/**
 * An issuer's audits, newest first, by index `byIssuer` or, for one transaction, `byTransaction`. Rows come from an
 * index that may lag a moment; the audits themselves are then read from the table.
 */
export function dynamoAuditListing(table: Table): AuditListing {
  const { client, tableName } = table;
  const readAudits = async (rows: readonly ListRow[]): Promise<Audit[]> => {
    const items = await readItems(table, rows);
    const found = new Map(items.map((item) => [item.pk?.S, auditOf(item)]));
    return rows.flatMap(({ pk }) => found.get(pk) ?? []);
  };

  return {
    async list(organizationId, filter, size, from) {
      const index = indexOf(organizationId, filter);
      const oldest = filter.since ?? 0;
      const newest = filter.before === undefined ? Number.MAX_SAFE_INTEGER : filter.before - 1;
      // DynamoDB refuses a BETWEEN whose ends are the wrong way round.
      if (newest < oldest) return { items: [], next: undefined };
      const items: Audit[] = [];
      let position = from;
      for (let page = 0; page < pagesPerRequest; page++) {
        const answer = await client.send(
          new QueryCommand({
            TableName: tableName,
            IndexName: index.name,
            KeyConditionExpression: "#partition = :partition AND listedAt BETWEEN :from AND :to",
            ExpressionAttributeNames: { "#partition": index.partitionName },
            ExpressionAttributeValues: toItem({
              ":partition": index.partition,
              ":from": oldest,
              ":to": newest,
            }),
            ScanIndexForward: false,
            Limit: size,
            ...(position === undefined ? {} : { ExclusiveStartKey: startKey(organizationId, index, position) }),
          }),
        );
        const rows = (answer.Items ?? []).map((item) => fromItem(listRow, item));
        for (const audit of await readAudits(rows)) {
          if (!matches(audit, filter)) continue;
          items.push(audit);
          if (items.length === size) return { items, next: positionOf(audit) };
        }
        const last = rows.at(-1);
        if (answer.LastEvaluatedKey === undefined || last === undefined) return { items, next: undefined };
        position = { at: last.listedAt, id: partsOf(last.pk)[2] ?? "" };
      }
      return { items, next: position };
    },
  };
}

function indexOf(organizationId: string, { transactionId }: AuditFilter) {
  return transactionId === undefined
    ? { name: "byIssuer", partitionName: "issuer", partition: key(organizationId) }
    : { name: "byTransaction", partitionName: "transaction", partition: key(organizationId, transactionId) };
}

function startKey(organizationId: string, index: ReturnType<typeof indexOf>, { at, id }: PagePosition): Item {
  const base = auditKey({ organizationId, auditId: id });
  return toItem({ ...base, [index.partitionName]: index.partition, listedAt: at });
}

function positionOf({ createdAt, auditId }: Audit): PagePosition {
  return { at: createdAt, id: auditId };
}

function matches(audit: Audit, { status, userId }: AuditFilter): boolean {
  return (status === undefined || audit.status === status) && (userId === undefined || audit.userId === userId);
}
