import { Server } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { startFauxqs } from "fauxqs";

// fauxqs 2.4 always listens on 0.0.0.0. This patch keeps the stack unreachable from other machines.
const listen = Server.prototype.listen;
Server.prototype.listen = function (this: Server, options: object, ...rest: never[]) {
  return Reflect.apply(listen, this, [{ ...options, host: "127.0.0.1" }, ...rest]);
} as typeof listen;

const { dataDir, region }: { dataDir: string | undefined; region: string } = workerData;
const server = await startFauxqs({
  port: 0,
  logger: false,
  defaultRegion: region,
  ...(dataDir === undefined ? {} : { dataDir }),
});
parentPort?.postMessage({ port: server.port });

parentPort?.once("message", async () => {
  await server.stop();
  parentPort?.close();
});
