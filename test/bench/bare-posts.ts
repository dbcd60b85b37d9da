import { parentPort, workerData } from "node:worker_threads";
import { BatchWriteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { Agent } from "undici";
import { signatureHeaders } from "../../functions/core/notifications/webhook-signature.ts";
import { operatorCredentials } from "../../infra/local/runner/operator-credentials.ts";

/**
 * The baselines for delivering, in a worker thread like the function: concurrent signed POSTs, and the same in batches
 * with one write each. A message from the parent chooses one. It answers when all are sent.
 */
const { url, secret, bodies, postsAtOnce, awsEndpoint, tableName } = workerData as {
  url: string;
  secret: string;
  bodies: string[];
  postsAtOnce: number;
  awsEndpoint: string;
  tableName: string;
};
const agent = new Agent();
const client = new DynamoDBClient({ endpoint: awsEndpoint, ...operatorCredentials });
const { origin, pathname: path } = new URL(url);

async function post(number: number): Promise<void> {
  const message = { id: `evt_${number}`, body: bodies[number] ?? "" };
  const { statusCode, body } = await agent.request({
    ...{ origin, path },
    method: "POST",
    headers: { "content-type": "application/json", ...signatureHeaders([secret], message, Date.now()) },
    body: message.body,
  });
  await body.arrayBuffer();
  if (statusCode !== 204) throw new Error(`answered ${statusCode}`);
}

async function postAll(): Promise<void> {
  let next = 0;
  const run = async () => {
    for (let number = next++; number < bodies.length; number = next++) await post(number);
  };
  await Promise.all(Array.from({ length: postsAtOnce }, run));
}

async function postAndRecordAll(): Promise<void> {
  for (let first = 0; first < bodies.length; first += postsAtOnce) {
    const batch = bodies.slice(first, first + postsAtOnce).map((_, index) => first + index);
    await Promise.all(batch.map(post));
    const writes = batch.map((number) => ({ PutRequest: { Item: { pk: { S: "bench" }, sk: { S: `${number}` } } } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: writes } }));
  }
}

parentPort?.on("message", async (what: "post" | "post-and-record") => {
  await (what === "post" ? postAll() : postAndRecordAll());
  parentPort?.postMessage("done");
});
