import type { Audit, AuditKey } from "../core/audit.ts";
import { publishGraceMs } from "../core/change-audit.ts";
import type { AuditStore, Clock, IssuerDirectory, OutboxIndex, OutboxRow } from "../core/ports.ts";
import { type PublishDeps, publishEvents } from "../core/publish-events.ts";
import { forEachShard } from "./for-each-shard.ts";

export interface SweepOutboxDeps extends PublishDeps {
  issuers: Pick<IssuerDirectory, "list">;
  audits: AuditStore;
  outbox: OutboxIndex;
  clock: Clock;
}

/**
 * Finishes what publishing left undone: takes every audit whose outbox is due, tells whoever has no record yet, and lets
 * it go once the table proves that everyone has one.
 *
 * @param stopAt epoch milliseconds after which nothing new is begun
 * @returns how many were swept, how long the most belated had been due, in milliseconds, and why others could not be:
 *   those stay in the outbox and keep nobody else waiting
 */
export function sweepOutbox(deps: SweepOutboxDeps) {
  return async (stopAt: number): Promise<{ swept: number; lagMs: number; failures: unknown[] }> => {
    let swept = 0;
    let lagMs = 0;
    const sweep = async (key: AuditKey): Promise<void> => {
      const now = deps.clock();
      const audit = await deps.audits.get(key);
      if (audit?.outboxAt === undefined || audit.outboxAt > now) return;
      lagMs = Math.max(lagMs, now - audit.outboxAt);
      const claimed: Audit = { ...audit, outboxAt: now + publishGraceMs };
      if ((await deps.audits.update(audit, claimed, ["outboxAt"])) === "stale") return;
      await publishEvents(deps)(claimed, true);
      swept++;
    };
    const failures = await forEachShard({
      issuers: deps.issuers,
      due: (of, limit, after: OutboxRow | undefined) => deps.outbox.due(of, deps.clock(), limit, after),
      work: sweep,
      isOver: () => deps.clock() >= stopAt,
    });
    return { swept, lagMs, failures };
  };
}
