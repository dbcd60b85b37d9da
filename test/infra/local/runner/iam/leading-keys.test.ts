import { expect, test } from "@jest/globals";
import { leadingKeys } from "../../../../../infra/local/runner/iam/leading-keys.ts";

const row = (pk: string) => ({ pk: { S: pk }, sk: { S: "x" } });
const query = {
  KeyConditionExpression: "#k = :k AND begins_with(sk, :s)",
  ExpressionAttributeNames: { "#k": "pk" },
  ExpressionAttributeValues: { ":k": { S: "a" }, ":s": { S: "b" } },
};

test.each<[string, object, string[] | undefined]>([
  ["GetItem", { Key: row("a") }, ["a"]],
  ["PutItem", { Item: row("a") }, ["a"]],
  ["UpdateItem", { Key: row("a") }, ["a"]],
  ["DeleteItem", { Key: row("a") }, ["a"]],
  ["BatchGetItem", { RequestItems: { T: { Keys: [row("a"), row("b")] } } }, ["a", "b"]],
  [
    "BatchWriteItem",
    { RequestItems: { T: [{ PutRequest: { Item: row("a") } }, { DeleteRequest: { Key: row("b") } }] } },
    ["a", "b"],
  ],
  ["Query", query, ["a"]],
  ["Query", { ...query, KeyConditionExpression: "sk > :s AND pk = :k" }, ["a"]],
  ["Query", { ...query, IndexName: "lanes" }, undefined],
  ["Scan", {}, undefined],
  ["TransactWriteItems", { TransactItems: [] }, undefined],
])("%s %j names %j", (action, input, expected) => {
  const request = { service: "dynamodb", action, target: "", input: { ...input }, body: Buffer.from("") } as const;
  expect(leadingKeys(request, "pk")).toEqual(expected);
});
