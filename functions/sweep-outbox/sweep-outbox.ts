import type { Audit } from "../core/audits/audit.ts";
import { eventsInOrder } from "../core/audits/change-audit.ts";
import type { AuditStore, IssuerDirectory } from "../core/audits/ports.ts";
import type { OutboxIndex, OutboxRow } from "../core/publishing/ports.ts";
import { type PublishDeps, publishEvents } from "../core/publishing/publish-events.ts";
import type { Clock } from "../core/shared/ports.ts";
import { forEachShard } from "./for-each-shard.ts";

export interface SweepOutboxDeps extends PublishDeps {
  issuers: Pick<IssuerDirectory, "list">;
  audits: AuditStore;
  outbox: OutboxIndex;
  clock: Clock;
}

/**
 * Publishes the events of every audit in the outbox that is due.
 *
 * @param stopAt nothing new starts after this time (epoch milliseconds)
 * @returns the number of published audits, the age of the oldest unpublished event in milliseconds (`undefined` if a
 *   part of the outbox cannot be read), and the errors; failed audits stay in the outbox
 */
export function sweepOutbox(deps: SweepOutboxDeps) {
  return async (stopAt: number): Promise<{ swept: number; lagMs: number | undefined; failures: unknown[] }> => {
    let swept = 0;
    let lagMs = 0;
    let isRead = true;
    const sweep = async ([row]: readonly OutboxRow[]): Promise<void> => {
      if (row === undefined) return;
      const now = deps.clock();
      lagMs = Math.max(lagMs, now - row.outboxAt);
      const audit = await deps.audits.get(row);
      if (audit?.outboxAt === undefined || audit.outboxAt > now) return;
      lagMs = Math.max(lagMs, now - oldestUnpublished(audit, now));
      if ((await publishEvents(deps)(audit, true)) === "published") swept++;
    };
    const failures = await forEachShard({
      issuers: deps.issuers,
      due: (of, limit, after: OutboxRow | undefined) =>
        deps.outbox.due(of, deps.clock(), limit, after).catch((error: unknown) => {
          isRead = false;
          throw error;
        }),
      work: sweep,
      isOver: () => deps.clock() >= stopAt,
    });
    return { swept, lagMs: isRead ? lagMs : undefined, failures };
  };
}

function oldestUnpublished(audit: Audit, now: number): number {
  return eventsInOrder(audit).find(({ event }) => event.publishedAt === undefined)?.event.at ?? now;
}
