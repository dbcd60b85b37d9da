import { expect, test } from "@jest/globals";
import { dynamoStatsSource } from "../../../../functions/adapters/dynamodb/stats-source.ts";
import { toItem } from "../../../../functions/adapters/dynamodb/table/table.ts";
import type { OpenPage } from "../../../../functions/core/stats/ports.ts";
import { clientOf } from "../../../support/dynamodb/memory-dynamodb.ts";
import { noon } from "../../../support/fake-clock.ts";

const row = toItem({ pk: "AUDIT#org#1", laneAt: noon, listedAt: noon, status: "NEW" });

/** Reads the open audits of a table in which a partition has so many pages. */
async function openOf(pages: number) {
  const read = new Map<string, number>();
  const client = clientOf(async ({ input }: { input: { ExpressionAttributeValues?: Record<string, unknown> } }) => {
    const partition = JSON.stringify(input.ExpressionAttributeValues?.[":partition"]);
    const page = (read.get(partition) ?? 0) + 1;
    read.set(partition, page);
    return { Items: [row], ...(page < pages && { LastEvaluatedKey: row }) };
  });
  const visited: OpenPage[] = [];
  const isComplete = await dynamoStatsSource({ client, tableName: "table" }).open("org", (page) => visited.push(page));
  return { isComplete, pages: visited.length, partitions: read.size };
}

test("all pages of a partition of open audits are visited, up to a bound", async () => {
  expect(await openOf(10)).toEqual({ isComplete: true, pages: 240, partitions: 24 });
  expect(await openOf(11)).toEqual({ isComplete: false, pages: 240, partitions: 24 });
});
