import * as z from "zod";
import { callAws } from "../../../infra/local/runner/protocol/aws-client.ts";
import { type AwsRequest, type AwsResponse, errorTypeOf } from "../../../infra/local/runner/protocol/aws-request.ts";
import type { Served } from "../../../infra/local/runner/services/aws-services.ts";
import type { Emulator } from "../../../infra/local/runner/services/emulator.ts";
import type { Item } from "../../../infra/local/runner/services/index-image.ts";
import type { Table } from "../../../infra/local/runner/services/tables.ts";
import { indexWriteUnits, itemSize, readUnits, writeUnits } from "./capacity-units.ts";

const itemSchema: z.ZodType<Item> = z.record(z.string(), z.record(z.string(), z.unknown()));
const single = z.object({
  TableName: z.string(),
  Key: itemSchema.optional(),
  Item: itemSchema.optional(),
  ConsistentRead: z.boolean().optional(),
});
const batchGet = z.object({
  RequestItems: z.record(z.string(), z.object({ Keys: z.array(itemSchema), ConsistentRead: z.boolean().optional() })),
});
const batchWrite = z.object({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.object({
        PutRequest: z.object({ Item: itemSchema }).optional(),
        DeleteRequest: z.object({ Key: itemSchema }).optional(),
      }),
    ),
  ),
});

type Forward = () => Promise<AwsResponse>;
interface Write {
  readonly table: Table;
  readonly key: Item;
}

/**
 * Forwards DynamoDB calls and computes the capacity units that they consume on AWS (on-demand mode, no transactions).
 * It reads item images before and after the call, because the emulator's numbers are wrong. A concurrent write can
 * change an image in between.
 */
export function createCapacityMeter(tables: readonly Table[], dynamodb: Emulator) {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const free = (response: AwsResponse): Served => ({ response, readUnits: 0, writeUnits: 0 });

  async function read(table: string, key: Item): Promise<Item | undefined> {
    const input = { TableName: table, Key: key, ConsistentRead: true };
    const output = await callAws(dynamodb.send, "DynamoDB_20120810.GetItem", input);
    return z.object({ Item: itemSchema.optional() }).parse(output).Item;
  }

  function keyOf(table: Table, item: Item): Item {
    const names = new Set(table.properties.KeySchema.map(({ AttributeName }) => AttributeName));
    return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
  }

  function unitsOf(table: Table, before: Item | undefined, after: Item | undefined): number {
    const keys = table.properties.KeySchema.map(({ AttributeName }) => AttributeName);
    const indexes = table.properties.GlobalSecondaryIndexes;
    return indexes.reduce((sum, index) => sum + indexWriteUnits(before, after, index, keys), writeUnits(before, after));
  }

  async function measureWrites(writes: readonly Write[], forward: Forward): Promise<Served> {
    const images = () => Promise.all(writes.map(({ table, key }) => read(table.name, key).catch(() => undefined)));
    const before = await images();
    const response = await forward();
    const error = errorTypeOf(response);
    if (error !== undefined && error !== "ConditionalCheckFailedException") return free(response);
    const after = error === undefined ? await images() : before;
    const units = writes.reduce((sum, { table }, i) => sum + unitsOf(table, before[i], after[i]), 0);
    return { response, readUnits: 0, writeUnits: units };
  }

  async function measureKeys(name: string, keys: readonly Item[], consistent: boolean): Promise<number> {
    const items = await Promise.all(keys.map((key) => read(name, key).catch(() => undefined)));
    return items.reduce((sum, item) => sum + readUnits(item === undefined ? 0 : itemSize(item), consistent), 0);
  }

  async function measureRange({ target, input }: AwsRequest, response: AwsResponse): Promise<number> {
    const whole = [input.FilterExpression, input.ProjectionExpression, input.Select].every(
      (part) => part === undefined,
    );
    const output: unknown = whole
      ? JSON.parse(response.body.toString("utf8"))
      : await callAws(dynamodb.send, target, unfiltered(input));
    const { Items } = z.object({ Items: z.array(itemSchema) }).parse(output);
    return readUnits(
      Items.reduce((sum, item) => sum + itemSize(item), 0),
      input.ConsistentRead === true,
    );
  }

  return async (request: AwsRequest, forward: Forward): Promise<Served> => {
    const { action, input } = request;
    if (action === "PutItem" || action === "UpdateItem" || action === "DeleteItem") {
      const { data } = single.safeParse(input);
      const table = byName.get(data?.TableName ?? "");
      if (data === undefined || table === undefined) return free(await forward());
      return measureWrites([{ table, key: data.Key ?? keyOf(table, data.Item ?? {}) }], forward);
    }
    if (action === "BatchWriteItem") {
      const requests = Object.entries(batchWrite.safeParse(input).data?.RequestItems ?? {});
      const writes = requests.flatMap(([name, entries]) => {
        const table = byName.get(name);
        if (table === undefined) return [];
        return entries.map(({ PutRequest, DeleteRequest }) => ({
          table,
          key: DeleteRequest?.Key ?? keyOf(table, PutRequest?.Item ?? {}),
        }));
      });
      return measureWrites(writes, forward);
    }
    const response = await forward();
    if (errorTypeOf(response) !== undefined) return free(response);
    if (action === "GetItem") {
      const { TableName, Key = {}, ConsistentRead = false } = single.parse(input);
      return { response, readUnits: await measureKeys(TableName, [Key], ConsistentRead), writeUnits: 0 };
    }
    if (action === "BatchGetItem") {
      const units = await Promise.all(
        Object.entries(batchGet.parse(input).RequestItems).map(([name, { Keys, ConsistentRead = false }]) =>
          measureKeys(name, Keys, ConsistentRead),
        ),
      );
      return { response, readUnits: units.reduce((sum, part) => sum + part, 0), writeUnits: 0 };
    }
    if (action === "Query" || action === "Scan") {
      return { response, readUnits: await measureRange(request, response), writeUnits: 0 };
    }
    return free(response);
  };
}

/**
 * Removes filters and projections: AWS charges for the items that a read goes through.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
 */
function unfiltered(input: AwsRequest["input"]): Record<string, unknown> {
  const { FilterExpression, ProjectionExpression, Select, ReturnConsumedCapacity, ...rest } = input;
  const { ExpressionAttributeNames, ExpressionAttributeValues, ...read } = rest;
  const used = new Set(String(input.KeyConditionExpression ?? "").match(/[#:][A-Za-z0-9_]+/g) ?? []);
  const placeholders = { ExpressionAttributeNames, ExpressionAttributeValues };
  const needed = Object.entries(placeholders).flatMap(([name, all]) => {
    const entries = Object.entries(all ?? {}).filter(([placeholder]) => used.has(placeholder));
    return entries.length === 0 ? [] : [[name, Object.fromEntries(entries)] as const];
  });
  return { ...read, ...Object.fromEntries(needed) };
}
