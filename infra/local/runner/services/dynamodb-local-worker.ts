import { parentPort, workerData } from "node:worker_threads";
import { startDynamoDbLocal } from "./dynamodb-local.ts";

const { dataDir }: { dataDir: string | undefined } = workerData;
const { port, stop } = await startDynamoDbLocal(dataDir);
parentPort?.postMessage({ port });
parentPort?.once("message", async () => {
  await stop();
  parentPort?.close();
});
