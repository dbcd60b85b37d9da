import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { condition, type Item, type Placeholders } from "../dynamodb/dynamodb-expressions.ts";

export type Input = Placeholders & {
  TableName: string;
  Key: Item;
  Item: Item;
  ConditionExpression?: string;
  UpdateExpression?: string;
  ReturnValues?: string;
  ReturnValuesOnConditionCheckFailure?: string;
};

export function unknownIndex(name: string): never {
  throw new Error(`the table has no index ${name}`);
}

export function found(item: Item | undefined): object {
  return item === undefined ? {} : { Item: item };
}

export function checked(input: Input, was: Item | undefined): void {
  if (input.ConditionExpression === undefined || condition(input.ConditionExpression)(was ?? {}, input)) return;
  const shown = input.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && was !== undefined ? { Item: was } : {};
  throw new ConditionalCheckFailedException({ $metadata: {}, message: "The conditional request failed", ...shown });
}

export function picked(item: Item, names: ReadonlySet<string>): Item {
  return Object.fromEntries(Object.entries(item).filter(([name]) => names.has(name)));
}

export function mapped<From, To>(record: Record<string, From>, to: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, to(value)]));
}
