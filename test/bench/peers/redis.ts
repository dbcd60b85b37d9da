import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

export interface Redis {
  host: string;
  port: number;
  version: string;
  stop(): Promise<void>;
}

const isMissing = "peers needs Redis: install redis-server (Debian, Ubuntu: apt-get install redis-server)";

/**
 * Starts a Redis in memory, without persistence.
 *
 * @throws Error that says what to install, if there is none
 */
export async function startRedis(): Promise<Redis> {
  const [host, port] = ["127.0.0.1", await freePort()];
  const options = ["--bind", host, "--port", `${port}`, "--save", "", "--appendonly", "no", "--dir", "/"];
  const server = spawn("redis-server", options, { stdio: ["ignore", "pipe", "ignore"] });
  const version = await new Promise<string>((started, failed) => {
    let log = "";
    server.once("error", (error) => failed(new Error(isMissing, { cause: error })));
    server.once("exit", (code) => failed(new Error(`redis-server ended with ${code}: ${log}`)));
    server.stdout.on("data", (chunk) => {
      log += chunk;
      const [, found = "unknown"] = /(?:Redis version=|version )(\d[\d.]*)/.exec(log) ?? [];
      if (log.includes("Ready to accept connections")) started(found);
    });
  });
  return {
    ...{ host, port, version },
    async stop() {
      const ended = once(server, "exit");
      server.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
