import { setTimeout as sleep } from "node:timers/promises";
import { percentile } from "../../../infra/local/demo/journeys.ts";
import type { ReceivedEvent } from "../../../infra/local/demo/receivers.ts";

/** Latencies in milliseconds. */
export interface Latency {
  p50ms: number;
  p99ms: number;
}

const lookEachMs = 100;

/** The times of Kard's closings, and of the first arrivals of their events at one place. */
export function arrivals(closedAt: ReadonlyMap<string, number>) {
  const arrivedAt = new Map<string, number>();
  return {
    onEvent({ type, data }: ReceivedEvent, at: number): void {
      const { kardAuditId } = data.attributes;
      if (type === "audit.closed" && kardAuditId !== undefined && !arrivedAt.has(kardAuditId))
        arrivedAt.set(kardAuditId, at);
    },

    /** @throws Error if events are missing after `patienceMs` without any arrival */
    async untilArrived(count: number, patienceMs: number): Promise<void> {
      let seen = arrivedAt.size;
      for (let giveUpAt = Date.now() + patienceMs; arrivedAt.size < count; await sleep(lookEachMs)) {
        if (arrivedAt.size > seen) giveUpAt = Date.now() + patienceMs;
        seen = arrivedAt.size;
        if (Date.now() > giveUpAt) throw new Error(`${seen} of ${count} events arrived`);
      }
    },

    /** From closing to arrival, of the audits with these Kard ids. */
    latencyOf(kardAuditIds: readonly string[]): Latency {
      const latencies = kardAuditIds.map((id) => (arrivedAt.get(id) ?? Number.NaN) - (closedAt.get(id) ?? Number.NaN));
      return { p50ms: percentile(latencies, 0.5), p99ms: percentile(latencies, 0.99) };
    },
  };
}
