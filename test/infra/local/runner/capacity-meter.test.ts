import { describe, expect, test } from "@jest/globals";
import { createCapacityMeter } from "../../../support/stack-instruments/capacity-meter.ts";
import { call, dynamodb, item, synthesizeCallers } from "./support/aws-caller.ts";
import { run } from "./support/running-stack.ts";

const assemblyDir = synthesizeCallers();

describe("capacity", () => {
  async function units(...calls: (readonly [string, object])[]) {
    const stack = await run(assemblyDir, { hooks: { meterCapacity: createCapacityMeter } });
    const { TableName } = stack.outputs;
    await call(
      stack,
      "Trusted",
      calls.map(([target, input]) => [target, { TableName, ...input }]),
    );
    return stack.calls.map(({ readUnits, writeUnits }) => [readUnits, writeUnits]);
  }
  const big = { S: "x".repeat(5000) };

  test("writes include their indexes", async () => {
    const Key = item();
    const update = (UpdateExpression: string, values: object) =>
      dynamodb("UpdateItem", {
        Key,
        UpdateExpression,
        ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
      });
    expect(
      await units(
        dynamodb("PutItem", { Item: item({ lane: { S: "A" }, laneAt: { N: "1" }, big }) }),
        update("SET laneAt = :n", { ":n": { N: "2" } }),
        update("SET big = :b", { ":b": { S: "small" } }),
        update("REMOVE lane", {}),
        dynamodb("PutItem", { Item: item(), ConditionExpression: "attribute_not_exists(pk)" }),
        dynamodb("DeleteItem", { Key }),
        dynamodb("DeleteItem", { Key }),
      ),
    ).toEqual([
      [0, 5 + 1],
      [0, 5 + 2],
      [0, 5],
      [0, 1 + 1],
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
  });

  test("reads count all items that they go through, not only their results", async () => {
    const puts = [1, 2].map((at) =>
      dynamodb("PutItem", { Item: { pk: { S: `${at}` }, lane: { S: "A" }, laneAt: { N: `${at}` }, big } }),
    );
    const query = {
      IndexName: "lanes",
      KeyConditionExpression: "lane = :l",
      ExpressionAttributeValues: { ":l": { S: "A" } },
    };
    const counted = await units(
      ...puts,
      dynamodb("GetItem", { Key: { pk: { S: "1" } }, ConsistentRead: true }),
      dynamodb("GetItem", { Key: { pk: { S: "1" } }, ProjectionExpression: "pk" }),
      dynamodb("GetItem", { Key: { pk: { S: "none" } } }),
      dynamodb("Query", query),
      dynamodb("Query", {
        ...query,
        IndexName: undefined,
        KeyConditionExpression: "pk = :p",
        ProjectionExpression: "#l",
        FilterExpression: "#l = :l",
        ExpressionAttributeNames: { "#l": "lane" },
        ExpressionAttributeValues: { ":l": { S: "none" }, ":p": { S: "1" } },
      }),
      dynamodb("Scan", {}),
    );
    expect(counted.slice(2)).toEqual([
      [2, 0],
      [1, 0],
      [0.5, 0],
      [0.5, 0],
      [1, 0],
      [1.5, 0],
    ]);
  });
});
