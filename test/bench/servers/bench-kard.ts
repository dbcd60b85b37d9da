import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { request } from "undici";

export interface BenchKard {
  url: string;
  /** Number of status requests. */
  requestsSeen(): Promise<number>;
  stop(): void;
}

/** Starts a Kard without changes in its own process. */
export async function startBenchKard(latencyMs: number): Promise<BenchKard> {
  const server = fork(join(import.meta.dirname, "kard-server.ts"), [String(latencyMs)]);
  const [port] = (await once(server, "message")) as [number];
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    async requestsSeen() {
      const { body } = await request(`${url}/requests`);
      return ((await body.json()) as { requests: number }).requests;
    },
    stop: () => server.disconnect(),
  };
}
