import { parentPort, workerData } from "node:worker_threads";
import dynalite from "dynalite";

// Runs in a thread of its own: dynalite throws from callbacks when its store fails, and is CPU-bound.
const { dataDir }: { dataDir: string | undefined } = workerData;
const server = dynalite({ createTableMs: 0, ...(dataDir === undefined ? {} : { path: dataDir }) });

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  parentPort?.postMessage({ port: typeof address === "object" ? address?.port : undefined });
});

parentPort?.once("message", () => {
  server.close(() => parentPort?.close());
  server.closeAllConnections();
});
