import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { startLocalStack } from "../../../../../infra/local/runner/local-stack.ts";

// Writes items that move through the lanes, and prints the key of each acknowledged item.
const [, , assemblyDir = "", dataDir] = process.argv;
const { awsEndpoint, outputs } = await startLocalStack({ assemblyDir, dataDir, port: 0 });
const credentials = { accessKeyId: "local", secretAccessKey: "local" };
const dynamodb = new DynamoDBClient({ endpoint: awsEndpoint, region: "us-east-1", credentials });

async function write(writer: number): Promise<never> {
  for (let count = 0; ; count += 1) {
    const pk = `${writer}-${count % 10}`;
    const Item = { pk: { S: pk }, lane: { S: `LANE#${count}` } };
    await dynamodb.send(new PutItemCommand({ TableName: outputs.TableName, Item }));
    process.stdout.write(`${pk}\n`);
  }
}
await Promise.all(Array.from({ length: 32 }, (_, writer) => write(writer)));
