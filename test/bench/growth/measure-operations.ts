import { randomUUID } from "node:crypto";
import { request } from "undici";
import { shards } from "../../../functions/core/shared/lanes.ts";
import { percentile } from "../../../infra/local/demo/journeys.ts";
import type { LocalTracker } from "../../../infra/local/local-tracker.ts";
import { auditIdOf } from "./stored-audit.ts";

export const operations = ["submit", "idle tick", "list page", "one audit", "stats"] as const;
export type Operation = (typeof operations)[number];

/** An operation's times, and its median calls of AWS. */
export interface Measured {
  p50ms: number;
  p99ms: number;
  awsCalls: number;
}

const warmUp = 3;
/** How often an operation is measured; a slow one less often, once it has taken this many milliseconds in all. */
const measured = { least: 10, most: 40, forMs: 30_000 };
const maxTicksUntilIdle = 20;

/** Measures each operation through the running stack, many times in sequence. */
export async function measureOperations(
  { outputs, stack }: Pick<LocalTracker, "outputs" | "stack">,
  options: { audits: number; requestsAtKard: () => Promise<number>; progress: (line: string) => void },
): Promise<Record<Operation, Measured>> {
  const { audits, requestsAtKard, progress } = options;
  const issuer = `/v2/issuers/${outputs.OrganizationId}`;
  const authorization = `Bearer ${outputs.ApiKey}`;
  const call = async (path: string, expected: number, body?: object) => {
    const response = await request(outputs.ApiUrl + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization, "content-type": "application/json", "idempotency-key": randomUUID() },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.body.text();
    if (response.statusCode !== expected) throw new Error(`${path} was answered ${response.statusCode}: ${text}`);
  };
  const tick = async () => {
    const { status } = await stack.invoke("PollAudits", { shards });
    if (status !== "succeeded") throw new Error("poll-audits failed");
  };
  const untilIdle = async () => {
    for (let ticks = 0; ticks < maxTicksUntilIdle; ticks++) {
      const before = await requestsAtKard();
      await tick();
      if ((await requestsAtKard()) === before) return;
    }
    throw new Error(`audits are still due after ${maxTicksUntilIdle} ticks`);
  };
  const attributes = () => ({
    ...{ transactionId: randomUUID(), auditCode: 3006, merchantName: "Caribbean Goodness" },
    auditDescription: "cashback never posted",
  });
  let next = 0;
  const once: Record<Operation, () => Promise<void>> = {
    submit: () => call(`${issuer}/users/user-1/audits`, 201, { data: [{ type: "audit", attributes: attributes() }] }),
    "idle tick": tick,
    "list page": () => call(`${issuer}/audits`, 200),
    "one audit": () => call(`${issuer}/audits/${auditIdOf((next++ * 7_919) % audits)}`, 200),
    stats: () => call(`${issuer}/stats`, 200),
  };
  const results: Partial<Record<Operation, Measured>> = {};
  for (const operation of operations) {
    progress(`measuring: ${operation}`);
    // New audits become due after five minutes, and stored ones within hours.
    if (operation === "idle tick") await untilIdle();
    for (let number = 0; number < warmUp; number++) await once[operation]();
    const times: number[] = [];
    const calls: number[] = [];
    const endsAt = performance.now() + measured.forMs;
    while (times.length < measured.least || (times.length < measured.most && performance.now() < endsAt)) {
      stack.clearCalls();
      const startedAt = performance.now();
      await once[operation]();
      times.push(performance.now() - startedAt);
      calls.push(stack.usage().reduce((sum, use) => sum + (use.caller === "operator" ? 0 : use.calls), 0));
    }
    const [p50ms, p99ms] = [percentile(times, 0.5), percentile(times, 0.99)];
    results[operation] = { p50ms, p99ms, awsCalls: percentile(calls, 0.5) };
  }
  return results as Record<Operation, Measured>;
}
