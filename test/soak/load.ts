import { setTimeout as sleep } from "node:timers/promises";
import type { LocalOutputs } from "../../infra/local/local-tracker.ts";
import { file } from "../chaos/world/through-the-api.ts";

const repeatedAfterMs = 1_000;

export interface SteadyLoad {
  /** Time of the first request of each accepted audit, by the tracker's id. */
  filed: ReadonlyMap<string, number>;
  /** Number of repeated requests. */
  repeated: () => number;
  /** Stops filing, and waits until all audits are accepted. */
  stop: () => Promise<void>;
}

/** Files audits at a steady rate, and repeats failed requests with the same Idempotency-Key. */
export function steadyLoad(outputs: LocalOutputs, perSecond: number): SteadyLoad {
  const filed = new Map<string, number>();
  const underWay = new Set<Promise<void>>();
  let repeated = 0;
  let next = 0;

  const insist = async (key: string) => {
    const askedAt = Date.now();
    for (;;) {
      const id = await file(outputs, key).catch(() => undefined);
      if (id !== undefined) return void filed.set(id, askedAt);
      repeated++;
      await sleep(repeatedAfterMs);
    }
  };
  const timer = setInterval(() => {
    const filing = insist(`soak-${next++}`).finally(() => underWay.delete(filing));
    underWay.add(filing);
  }, 1_000 / perSecond);

  return {
    filed,
    repeated: () => repeated,
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}
