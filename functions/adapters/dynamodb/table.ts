import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  paginateQuery,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { z } from "zod";
import type { Retention } from "../../core/shared/retention.ts";
import { awsHttp } from "../aws/http-handler.ts";
import type { tableEnvironment } from "../environment.ts";

/** The one table: its name and the client that reaches it. */
export interface Table {
  client: DynamoDBClient;
  tableName: string;
  /** How long what is done with is kept: for good unless it says so. */
  retention?: Retention;
  /** How it waits where DynamoDB throttles, and the jitter (0 to 1) of that: by real time unless a test says so. */
  sleep?: (ms: number) => Promise<unknown>;
  random?: () => number;
}

export type Item = Record<string, AttributeValue>;

/**
 * A client for one function's life. Retries are the SDK's own, so a write may have been made although it reports a
 * failure.
 */
export function openTable(
  tableName: string,
  client: DynamoDBClient = new DynamoDBClient({ cacheMiddleware: true, requestHandler: awsHttp() }),
): Table {
  // The SDK walks through every answer to prepare it for a log that nobody has asked for, and puts together anew for
  // every request who it is: an eighth of what a request takes.
  client.middlewareStack.remove("loggerMiddleware");
  client.middlewareStack.remove("getUserAgentMiddleware");
  return { client, tableName };
}

/** The table of a function, by its environment. */
export function openOwnTable(environment: z.output<typeof tableEnvironment>): Table {
  const { TABLE_NAME, AUDIT_RETENTION_DAYS: auditDays, NOTIFICATION_RETENTION_DAYS: notificationDays } = environment;
  return { ...openTable(TABLE_NAME), retention: { auditDays, notificationDays } };
}

/** The attribute by which DynamoDB's time to live forgets a row. */
export function expiring(expiresAt: number | undefined): { expiresAt?: number } {
  return expiresAt === undefined ? {} : { expiresAt };
}

/**
 * Joins the parts of a key with `#`; inside a part, `#` and `%` are percent-encoded, so that no part can pose as two.
 */
export function key(...parts: (string | number)[]): string {
  return parts.map((part) => String(part).replace(/[%#]/g, encodeURIComponent)).join("#");
}

/** The parts that `key` joined. */
export function partsOf(joined: string): string[] {
  const parts = joined.split("#");
  return joined.includes("%") ? parts.map((part) => part.replaceAll("%23", "#").replaceAll("%25", "%")) : parts;
}

export function toItem(value: object): Item {
  // `marshall` takes an object with a field `constructor` for a class instance, which it refuses unless told to take
  // those.
  return marshall(value, { removeUndefinedValues: true, convertClassInstanceToMap: true });
}

/** Reads a row of ours: one that does not fit is a bug or a foreign hand, and an error either way. */
export function fromItem<Schema extends z.ZodType>(schema: Schema, item: Item): z.output<Schema> {
  return schema.parse(unmarshall(item));
}

/** Attributes of keys, indexes and the time to live: the adapters work them out anew for each write of a whole row. */
const derived = ["pk", "sk", "issuer", "listedAt", "lane", "outbox", "expiresAt"];

/**
 * Reads a row of ours that is written back whole, such as a subscription. What this version does not know stays on it,
 * at any depth: a newer one may have written it before a rollback, or beside this one during a deployment.
 */
export function wholeFromItem<Row extends object>(schema: z.ZodType<Row, Row>, item: Item): Row {
  const row = unmarshall(item);
  for (const name of derived) delete row[name];
  schema.parse(row);
  return row as Row;
}

/** All rows that a query finds, page by page. */
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

/** Runs a conditional write; `stale` is its condition failing, anything else is thrown. */
export async function conditionally(write: Promise<unknown>): Promise<"done" | "stale"> {
  try {
    await write;
    return "done";
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return "stale";
    throw error;
  }
}
