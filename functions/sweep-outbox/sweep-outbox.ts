import pMap from "p-map";
import type { Audit, AuditKey } from "../core/audit.ts";
import { publishGraceMs } from "../core/change-audit.ts";
import { shards } from "../core/lanes.ts";
import type { AuditStore, Clock, OutboxIndex } from "../core/ports.ts";
import { type PublishDeps, publishEvents } from "../core/publish-events.ts";

export interface SweepOutboxDeps extends PublishDeps {
  audits: AuditStore;
  outbox: OutboxIndex;
  clock: Clock;
}

const rowsPerShard = 500;
const atOnce = 10;

/**
 * Finishes what publishing left undone: takes every audit whose outbox is due, tells whoever has no record yet, and lets
 * it go once the table proves that everyone has one.
 *
 * @param stopAt epoch milliseconds after which nothing new is begun
 * @returns how many were swept, and how long the most belated had been due, in milliseconds
 */
export function sweepOutbox(deps: SweepOutboxDeps) {
  return async (stopAt: number): Promise<{ swept: number; lagMs: number }> => {
    let swept = 0;
    let lagMs = 0;
    const sweep = async (key: AuditKey): Promise<void> => {
      const now = deps.clock();
      if (now >= stopAt) return;
      const audit = await deps.audits.get(key);
      if (audit?.outboxAt === undefined || audit.outboxAt > now) return;
      lagMs = Math.max(lagMs, now - audit.outboxAt);
      const claimed: Audit = { ...audit, outboxAt: now + publishGraceMs };
      if ((await deps.audits.update(audit, claimed, ["outboxAt"])) === "stale") return;
      await publishEvents(deps)(claimed);
      swept++;
    };
    for (const shard of shards) {
      await pMap(await deps.outbox.due(shard, deps.clock(), rowsPerShard), sweep, { concurrency: atOnce });
    }
    return { swept, lagMs };
  };
}
