import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { request } from "undici";

export interface BenchReceiver {
  url: string;
  /** Latencies in milliseconds, from event to receipt, of the webhooks since the last call. */
  takeReceived(): Promise<number[]>;
  stop(): void;
}

/** Starts the receiver of webhooks in its own process. */
export async function startBenchReceiver(latencyMs: number): Promise<BenchReceiver> {
  const server = fork(join(import.meta.dirname, "webhook-server.ts"), [String(latencyMs)]);
  const [port] = (await once(server, "message")) as [number];
  const url = `http://127.0.0.1:${port}/`;
  return {
    url,
    async takeReceived() {
      const { body } = await request(url);
      return ((await body.json()) as { receivedAfterMs: number[] }).receivedAfterMs;
    },
    stop: () => server.disconnect(),
  };
}
