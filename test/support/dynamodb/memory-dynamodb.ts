import { type CreateTableCommandInput, DynamoDBClient, type QueryCommandInput } from "@aws-sdk/client-dynamodb";
import { checked, found, type Input, mapped, picked, unknownIndex } from "../memory/items.ts";
import { type Condition, compare, condition, type Item, update } from "./dynamodb-expressions.ts";
import { refuseInvalidItem } from "./item-limits.ts";

type Definition = Pick<CreateTableCommandInput, "GlobalSecondaryIndexes" | "KeySchema">;
/** The used part of an AWS SDK command. */
export interface Command {
  constructor: { name: string };
  input: object;
}

/** One write: an item before and after it. */
export interface Written {
  before: Item | undefined;
  after: Item | undefined;
}

const nameOf = ({ pk, sk }: Item) => JSON.stringify([pk?.S, sk?.S]);
function different(keys: Item[]): Item[] {
  if (new Set(keys.map(nameOf)).size < keys.length) throw new Error("Provided list of item keys contains duplicates");
  return keys;
}
const bytesOf = (item: Item) => JSON.stringify(item).length;

/**
 * A table in memory for the SDK's commands. Like DynamoDB it checks conditions, index keys, projections, query order
 * and start keys. `test/contract` compares it with the emulators.
 */
export function memoryTable(definition: Definition) {
  const rows = new Map<string, Item>();
  const indexes = new Map((definition.GlobalSecondaryIndexes ?? []).map((index) => [index.IndexName ?? "", index]));
  const log: Written[] = [];
  const table = {
    rows,
    /** Called for every write. */
    onWrite: (_: Written): void => undefined,

    execute(command: Command): object {
      const input = command.input as Input;
      switch (command.constructor.name) {
        case "GetItemCommand":
          return found(rows.get(nameOf(input.Key)));
        case "PutItemCommand":
          checked(input, rows.get(nameOf(input.Item)));
          write(input.Item);
          return {};
        case "UpdateItemCommand": {
          const was = rows.get(nameOf(input.Key));
          checked(input, was);
          const after =
            input.UpdateExpression === undefined ? was : update(input.UpdateExpression)(was ?? input.Key, input);
          write(after ?? input.Key);
          return input.ReturnValues === "UPDATED_NEW" || input.ReturnValues === "ALL_NEW" ? { Attributes: after } : {};
        }
        case "DeleteItemCommand": {
          const was = rows.get(nameOf(input.Key));
          checked(input, was);
          rows.delete(nameOf(input.Key));
          noted({ before: was, after: undefined });
          return input.ReturnValues === "ALL_OLD" ? { Attributes: was } : {};
        }
        case "BatchGetItemCommand": {
          const { RequestItems: wanted } = command.input as { RequestItems: Record<string, { Keys: Item[] }> };
          return {
            Responses: mapped(wanted, ({ Keys: keys }) =>
              different(keys)
                .map((key) => rows.get(nameOf(key)))
                .filter((item) => item !== undefined),
            ),
          };
        }
        case "BatchWriteItemCommand": {
          const { RequestItems: wanted } = command.input as {
            RequestItems: Record<string, { PutRequest: { Item: Item } }[]>;
          };
          for (const { PutRequest: put } of Object.values(wanted).flat()) write(put.Item);
          return {};
        }
        case "QueryCommand":
          return query(command.input as QueryCommandInput, [...rows.values()]);
        default:
          throw new Error(`${command.constructor.name} is not a known field`);
      }
    },

    /** An index that lags by this many writes. */
    executeLate(command: Command, writes: number): object {
      const then = new Map(rows);
      for (const { before, after } of log.slice(-writes).reverse()) {
        if (before !== undefined) then.set(nameOf(before), before);
        else if (after !== undefined) then.delete(nameOf(after));
      }
      return query(command.input as QueryCommandInput, [...then.values()]);
    },
  };

  function write(item: Item): void {
    refuseInvalidItem(item);
    for (const { KeySchema: keys = [] } of indexes.values()) {
      for (const { AttributeName: name = "" } of keys) {
        if (item[name]?.S === "") throw new Error(`an index key must not be empty: ${name}`);
      }
    }
    const before = rows.get(nameOf(item));
    rows.set(nameOf(item), item);
    noted({ before, after: item });
  }

  function noted(written: Written): void {
    log.push(written);
    if (log.length > 10) log.shift();
    table.onWrite(written);
  }

  function query(input: QueryCommandInput, all: readonly Item[]): object {
    const { IndexName: name, ScanIndexForward: forward = true, Limit: limit = Number.POSITIVE_INFINITY } = input;
    const index = name === undefined ? undefined : (indexes.get(name) ?? unknownIndex(name));
    const keys = (index?.KeySchema ?? definition.KeySchema ?? []).flatMap(({ AttributeName: key }) => key ?? []);
    const holds: Condition = condition(input.KeyConditionExpression ?? "");
    const sortKey = keys[1] ?? "sk";
    // Rows with one sort key are in the order of their base keys, as in dynalite.
    const order = (a: Item, b: Item) =>
      (compare(a[sortKey], b[sortKey]) || compare(a.pk, b.pk) || compare(a.sk, b.sk) || 0) * (forward ? 1 : -1);
    const start = input.ExclusiveStartKey;
    const matching = all
      .filter((item) => keys.every((key) => item[key] !== undefined) && holds(item, input))
      .filter((item) => start === undefined || order(item, start) > 0)
      .sort(order);
    const shown = new Set(["pk", "sk", ...keys, ...(index?.Projection?.NonKeyAttributes ?? [])]);
    const page: Item[] = [];
    let bytes = 0;
    // A page of DynamoDB is one megabyte before filtering.
    // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
    for (const row of matching.slice(0, limit)) {
      const item = index === undefined ? row : picked(row, shown);
      bytes += bytesOf(item);
      if (bytes > 1_000_000) break;
      page.push(item);
    }
    const last = page.at(-1);
    const isKept: Condition = input.FilterExpression === undefined ? () => true : condition(input.FilterExpression);
    const items = page.filter((item) => isKept(item, input));
    const isFull = page.length === limit || page.length < matching.length;
    return {
      ...(input.Select === "COUNT" ? {} : { Items: items }),
      Count: items.length,
      ...(last !== undefined && isFull ? { LastEvaluatedKey: picked(last, new Set(["pk", "sk", ...keys])) } : {}),
    };
  }
  return table;
}

/** The used part of the SDK's client: `send`. */
export function clientOf(send: (command: Command) => Promise<object>): DynamoDBClient {
  const middlewareStack = { remove: () => false };
  return Object.assign(Object.create(DynamoDBClient.prototype) as DynamoDBClient, { send, middlewareStack });
}

/** A DynamoDB with tables in memory. */
export function memoryDynamoDb(): DynamoDBClient {
  const tables = new Map<string, ReturnType<typeof memoryTable>>();
  return clientOf(async (command) => {
    const input = command.input as Definition & { TableName?: string; RequestItems?: object };
    const name = input.TableName ?? Object.keys(input.RequestItems ?? {})[0] ?? "";
    switch (command.constructor.name) {
      case "CreateTableCommand":
        tables.set(name, memoryTable(input));
        return {};
      case "DescribeTableCommand":
        return { Table: { TableStatus: "ACTIVE" } };
      case "DeleteTableCommand":
        tables.delete(name);
        return {};
      default:
        return (tables.get(name) ?? unknownIndex(name)).execute(command);
    }
  });
}
