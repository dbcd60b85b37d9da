import { setTimeout as sleep } from "node:timers/promises";
import type { LocalOutputs } from "../../infra/local/local-tracker.ts";
import { file } from "../chaos/through-the-api.ts";

const repeatedAfterMs = 1_000;

export interface SteadyLoad {
  /** When each accepted audit was first asked for, by the tracker's id of it. */
  filed: ReadonlyMap<string, number>;
  /** How many requests were not accepted and were repeated. */
  repeated: () => number;
  /** Asks for no more, and waits until all that was asked for is accepted. */
  stop: () => Promise<void>;
}

/** Files audits at a steady rate, however long their answers take; what is not accepted is repeated with its key. */
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
