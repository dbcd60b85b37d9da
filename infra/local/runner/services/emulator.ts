import { Worker } from "node:worker_threads";
import { Pool } from "undici";
import { signedHeaders } from "../protocol/aws-client.ts";
import type { AwsResponse } from "../protocol/aws-request.ts";

/** An emulator of an AWS service in its own thread. Only the AWS proxy calls it. */
export interface Emulator {
  /** Forwards a call. Resolves with error responses too; rejects if the emulator has ended. */
  send(target: string, body: Buffer | string, signal?: AbortSignal): Promise<AwsResponse>;
  stop(): Promise<void>;
}

/** Response headers that are forwarded to the client. */
const forwardedHeaders = ["content-type", "x-amzn-requestid", "x-amz-crc32", "x-amzn-query-error"];

/** The part of the heap for new objects. Node's default lets a busy emulator hold 100 MB of garbage. */
const youngHeapMb = 24;

/**
 * Starts an emulator and waits until it listens.
 * @param worker file that posts `{ port }` when ready and stops on any message.
 * @throws the worker's error if it fails before it listens.
 */
export async function startEmulator(
  worker: URL,
  workerData: { dataDir: string | undefined; region: string },
): Promise<Emulator> {
  const thread = new Worker(worker, {
    workerData,
    env: {
      ...{ AWS_REGION: workerData.region, PATH: process.env.PATH },
      // A worker gets the text "undefined" for a variable that is undefined.
      ...(process.env.NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
    },
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: youngHeapMb },
    stdout: true,
    stderr: true,
  });
  const exited = new Promise<void>((resolve) => thread.once("exit", () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    thread.once("message", (message: { port: number }) => resolve(message.port));
    thread.once("error", reject);
    thread.once("exit", () => reject(new Error("it ended at once")));
  });
  let failure: unknown;
  thread.on("error", (error) => {
    failure = error;
  });
  const pool = new Pool(`http://127.0.0.1:${port}`);

  return {
    async send(target, body, signal) {
      const headers = signedHeaders(target, "local", workerData.region);
      const response = await pool
        .request({ method: "POST", path: "/", headers, body, signal: signal ?? null })
        .catch((error: unknown) => {
          throw failure ?? error;
        });
      const forwarded: Record<string, string> = {};
      for (const name of forwardedHeaders) {
        const value = response.headers[name];
        if (typeof value === "string") forwarded[name] = value;
      }
      return { status: response.statusCode, headers: forwarded, body: Buffer.from(await response.body.arrayBuffer()) };
    },
    async stop() {
      await pool.destroy();
      thread.postMessage("stop");
      const forced = setTimeout(() => void thread.terminate(), 2000);
      await exited;
      clearTimeout(forced);
    },
  };
}
