import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  paginateQuery,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type * as z from "zod";
import type { ReportError } from "../../../core/shared/ports.ts";
import type { Retention } from "../../../core/shared/retention.ts";
import { awsHttp } from "../../aws/http-handler.ts";
import type { tableEnvironment } from "../../environment.ts";

/** The DynamoDB table and its client. */
export interface Table {
  client: DynamoDBClient;
  tableName: string;
  /** How long completed items are kept; forever by default. */
  retention?: Retention;
  /** Reports a row that lists leave out because it cannot be read. Without it, such a row fails the list. */
  reportUnreadable?: ReportError;
  /** The wait between retries of throttled batches, and its jitter (0 to 1). Tests replace them. */
  sleep?: (ms: number) => Promise<unknown>;
  random?: () => number;
}

export type Item = Record<string, AttributeValue>;

/** The key of a row. */
export interface RowKey {
  pk: string;
  sk: string;
}

/**
 * Opens the table for the lifetime of a function. The SDK retries calls, so a write that reports a failure may have
 * succeeded.
 */
export function openTable(
  tableName: string,
  client: DynamoDBClient = new DynamoDBClient({ cacheMiddleware: true, requestHandler: awsHttp() }),
): Table {
  // For each request, these middlewares prepare a log entry that is not used, and a user agent. That takes an eighth of
  // a request's time.
  client.middlewareStack.remove("loggerMiddleware");
  client.middlewareStack.remove("getUserAgentMiddleware");
  return { client, tableName };
}

/** Opens the table of a function's environment. */
export function openOwnTable(environment: z.output<typeof tableEnvironment>): Table {
  const { TABLE_NAME, AUDIT_RETENTION_DAYS: auditDays, NOTIFICATION_RETENTION_DAYS: notificationDays } = environment;
  return { ...openTable(TABLE_NAME), retention: { auditDays, notificationDays } };
}

/** The attribute of DynamoDB's TTL. */
export function expiring(expiresAt: number | undefined): { expiresAt?: number } {
  return expiresAt === undefined ? {} : { expiresAt };
}

/**
 * Joins the parts of a key with `#`. `#` and `%` inside a part are percent-encoded, so different parts give different
 * keys.
 */
export function key(...parts: (string | number)[]): string {
  return parts.map((part) => String(part).replace(/[%#]/g, encodeURIComponent)).join("#");
}

/** Splits a key into the parts that `key` joined. */
export function partsOf(joined: string): string[] {
  const parts = joined.split("#");
  return joined.includes("%") ? parts.map((part) => part.replaceAll("%23", "#").replaceAll("%25", "%")) : parts;
}

export function toItem(value: object): Item {
  // By default `marshall` refuses an object with a field `constructor`, because it looks like a class instance.
  return marshall(value, { removeUndefinedValues: true, convertClassInstanceToMap: true });
}

/** Parses a row. A row that does not match its schema is an error. */
export function fromItem<Schema extends z.ZodType>(schema: Schema, item: Item): z.output<Schema> {
  return schema.parse(unmarshall(item));
}

/** Attributes of keys, indexes and the TTL. The adapters compute them for each write of a whole row. */
const derived = ["pk", "sk", "issuer", "listedAt", "lane", "outbox", "expiresAt"];

/**
 * Parses a row that is written back as a whole, such as a subscription. Unknown attributes are kept at any depth,
 * because a newer version may have written them before a rollback or during a deployment.
 */
export function wholeFromItem<Row extends object>(schema: z.ZodType<Row, Row>, item: Item): Row {
  const row = unmarshall(item);
  for (const name of derived) delete row[name];
  schema.parse(row);
  return row as Row;
}

/** Parses rows one by one, so that an unreadable one fails the others only if the table does not report it. */
export function readableRows<Row>(
  { reportUnreadable }: Pick<Table, "reportUnreadable">,
  items: readonly Item[],
  parse: (item: Item) => Row,
): Row[] {
  if (reportUnreadable === undefined) return items.map(parse);
  return items.flatMap((item) => {
    try {
      return [parse(item)];
    } catch (error) {
      reportUnreadable(new Error(`row ${item.pk?.S} ${item.sk?.S} cannot be read: ${error}`));
      return [];
    }
  });
}

/** All items of a query, over all pages. */
export async function queryAll(
  { client, tableName }: Table,
  query: Omit<QueryCommandInput, "TableName">,
): Promise<Item[]> {
  const found: Item[] = [];
  for await (const { Items: items = [] } of paginateQuery({ client }, { TableName: tableName, ...query })) {
    found.push(...items);
  }
  return found;
}

/** Runs a conditional write. A failed condition gives `stale`; other errors are thrown. */
export async function conditionally(write: Promise<unknown>): Promise<"done" | "stale"> {
  try {
    await write;
    return "done";
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return "stale";
    throw error;
  }
}
