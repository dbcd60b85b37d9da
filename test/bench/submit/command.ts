import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pMap from "p-map";
import { request } from "undici";

const lines = 5_000;
const latencyMs = 50;
/** The default of `--concurrency`. */
const atOnce = 4;
/** After how many filed lines `submit` is killed. */
const kills = [1_500, 3_000];

const program = join(import.meta.dirname, "../../../cli/main.ts");

/** A tracker's creates, answered after a fixed time. An `Idempotency-Key` files one audit. */
async function startTracker() {
  let filed = new Set<string>();
  let requests = 0;
  let onFiled = (_count: number) => {};
  const server = createServer(async (incoming, response) => {
    incoming.resume();
    const key = String(incoming.headers["idempotency-key"]);
    requests++;
    await sleep(latencyMs);
    const isRepeat = filed.has(key);
    filed.add(key);
    response.writeHead(201, isRepeat ? { "idempotent-replayed": "true" } : {});
    response.end(JSON.stringify({ data: [{ type: "audit", id: key, attributes: { transactionId: "t" } }] }));
    onFiled(filed.size);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reset() {
      filed = new Set();
      requests = 0;
      onFiled = () => {};
    },
    counts: () => ({ filed: filed.size, requests }),
    untilFiled: (count: number) =>
      new Promise<void>((resolve) => {
        onFiled = (now) => now >= count && resolve();
      }),
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

/**
 * Times `kard-audits submit` with a file of 5,000 lines: once without interruption, relative to a loop that only sends
 * as many requests, and once killed twice and started again.
 */
export async function benchCommand(progress: (line: string) => void) {
  const folder = mkdtempSync(join(tmpdir(), "bench-submit-"));
  const tracker = await startTracker();
  const file = join(folder, "disputes.csv");
  const rows = Array.from({ length: lines }, (_, n) => `t-${n},u1,3006,Shop,never posted`);
  writeFileSync(file, ["transaction_id,user_id,audit_code,merchant_name,description", ...rows].join("\n"));
  const submit = () =>
    spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, "submit", file, "--json"], {
      env: { ...process.env, KARD_AUDITS_URL: tracker.url, KARD_AUDITS_KEY: "kat_x", KARD_AUDITS_ORGANIZATION: "org" },
      stdio: "ignore",
    });
  const toTheEnd = async () => {
    const [code] = await once(submit(), "exit");
    if (code !== 0) throw new Error(`submit ended with ${code}`);
  };

  progress(`a loop of ${lines} requests, ${atOnce} at once, each answered after ${latencyMs} ms`);
  const bareSeconds = await timed(() =>
    pMap(
      rows,
      async (_, n) => {
        const headers = { "content-type": "application/json", "idempotency-key": `key-${n}` };
        const { body } = await request(tracker.url, { method: "POST", headers, body: "{}" });
        await body.dump();
      },
      { concurrency: atOnce },
    ),
  );
  tracker.reset();
  progress("submit, without interruption");
  const seconds = await timed(toTheEnd);

  tracker.reset();
  progress(`submit, killed after ${kills.join(" and ")} lines and started again`);
  const secondsWithKills = await timed(async () => {
    for (const count of kills) {
      const reached = tracker.untilFiled(count);
      const child = submit();
      await reached;
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    await toTheEnd();
  });
  const { filed, requests } = tracker.counts();
  tracker.stop();
  rmSync(folder, { recursive: true });
  if (filed !== lines) throw new Error(`${filed} of ${lines} lines were filed`);
  return {
    ...{ lines, latencyMs, atOnce, seconds, bareSeconds, ratio: seconds / bareSeconds, secondsWithKills },
    ...{ linesPerSecond: lines / seconds, requestsWithKills: requests },
  };
}
