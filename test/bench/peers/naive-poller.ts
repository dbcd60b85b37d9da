import { parentPort, workerData } from "node:worker_threads";
import { type AttributeValue, QueryCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import { openTable } from "../../../functions/adapters/dynamodb/table/table.ts";
import { exchange, openConnections } from "../../../functions/adapters/http/exchange.ts";

/**
 * The usual poller, in a worker thread like the function: each audit has its next poll time in an index. It reads all
 * audits that are due, asks Kard about each, and writes the next time of each. It has the clients of the measured
 * function. Each message from the parent starts it. It answers with the duration in milliseconds.
 */
const { kardUrl, tableName, lanes, callsAtOnce } = workerData as {
  kardUrl: string;
  tableName: string;
  /** The index partitions with due audits. */
  lanes: string[];
  callsAtOnce: number;
};
const { client } = openTable(tableName);
const connections = openConnections({});
const deadlineMs = 10_000;
const pageSize = 1_000;
const gapMs = 60_000;

type Row = Record<string, AttributeValue>;

async function pollAll(): Promise<void> {
  for (const lane of lanes) {
    let after: Row | undefined;
    do {
      const page: { Items?: Row[] | undefined; LastEvaluatedKey?: Row | undefined } = await client.send(
        new QueryCommand({
          ...{ TableName: tableName, IndexName: "lanes", Limit: pageSize, ExclusiveStartKey: after },
          KeyConditionExpression: "lane = :lane AND laneAt BETWEEN :from AND :to",
          ExpressionAttributeValues: { ":lane": { S: lane }, ":from": { N: "0" }, ":to": { N: `${Date.now()}` } },
          ProjectionExpression: "pk, sk, kardAuditId",
        }),
      );
      await pMap(page.Items ?? [], poll, { concurrency: callsAtOnce });
      after = page.LastEvaluatedKey;
    } while (after !== undefined);
  }
}

async function poll({ pk, sk, kardAuditId }: Row): Promise<void> {
  const path = `/transactions/audit/${kardAuditId?.S}`;
  const headers = { authorization: "Bearer bench", accept: "application/json" };
  const { body } = await exchange(connections, { origin: kardUrl, path, method: "GET", headers }, deadlineMs);
  const { status } = JSON.parse(body.toString()) as { status: string };
  if (status !== "NEW" || pk === undefined || sk === undefined) throw new Error(`the audit is ${status}`);
  await client.send(
    new UpdateItemCommand({
      ...{ TableName: tableName, Key: { pk, sk }, UpdateExpression: "SET laneAt = :dueAt" },
      ExpressionAttributeValues: { ":dueAt": { N: `${Date.now() + gapMs}` } },
    }),
  );
}

parentPort?.on("message", async () => {
  const startedAt = performance.now();
  await pollAll();
  parentPort?.postMessage(performance.now() - startedAt);
});
