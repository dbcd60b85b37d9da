import { Server } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { startFauxqs } from "fauxqs";

// fauxqs 2.4 always listens on 0.0.0.0. This patch keeps the stack unreachable from other machines.
const listen = Server.prototype.listen;
Server.prototype.listen = function (this: Server, options: object, ...rest: never[]) {
  return Reflect.apply(listen, this, [{ ...options, host: "127.0.0.1" }, ...rest]);
} as typeof listen;

// fauxqs 2.4 looks for messages whose delay has ended 50 times a second in each queue with a receiver, which costs 1 %
// of a core. SQS's delays are whole seconds. New messages do not wait for this.
const endedDelaysMs = 200;
const repeat = globalThis.setInterval;
globalThis.setInterval = ((callback: () => void, ms = 0) =>
  repeat(callback, Math.max(ms, endedDelaysMs))) as typeof setInterval;

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
