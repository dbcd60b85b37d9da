import type { Audit, AuditEvent } from "../audits/audit.ts";
import { eventKey, eventsInOrder, type NumberedEvent } from "../audits/change-audit.ts";
import type { AuditStore } from "../audits/ports.ts";
import { appendToFeed, type FeedDeps } from "./event-feed.ts";
import { type NotifyDeps, notifySubscriptions } from "./notify-subscriptions.ts";
import type { OwnerTarget } from "./ports.ts";
import { publishFirst } from "./publish-first.ts";
import { sendToOwner } from "./send-to-owner.ts";

export interface PublishDeps extends NotifyDeps, FeedDeps {
  audits: Pick<AuditStore, "update">;
  ownerTargets: readonly OwnerTarget[];
}

/** The wait before a failed publishing is retried, in milliseconds: until the next sweep. */
const publishRetryMs = 50_000;

/**
 * How long after a change its rows may be written unconditionally, in milliseconds. The sweep cannot have run by then.
 */
const firstPublishMs = 20_000;

/**
 * Publishes an audit's events to the owner's targets, to the subscriptions as notifications, and to the feed. A failing
 * target does not stop the others, and each completed target is stored on the events. The audit leaves the outbox when
 * all targets are done. It may be interrupted and repeated.
 *
 * @param audit as just read or written
 * @param again whether an earlier run may have published a part
 * @returns `published` if nothing is left; `stale` if the audit has changed, so that the other writer or the sweep
 *   publishes it
 * @throws if a target fails; the audit stays in the outbox
 */
export function publishEvents(deps: PublishDeps) {
  return async (audit: Audit, again = false): Promise<"published" | "stale"> => {
    if (audit.outboxAt === undefined) return "published";
    const events = eventsInOrder(audit).filter(({ event }) => event.publishedAt === undefined);
    const isFirst =
      !again && events.length === 1 && events[0]?.sequence === audit.sequence && isJustChanged(events, deps.clock());
    const targets = await Promise.allSettled([
      ...deps.ownerTargets.map((target) => sendToOwner(target, deps.clock, audit, events)),
      ...(isFirst
        ? publishFirst(deps, audit, events)
        : [notifySubscriptions(deps, audit, events), appendToFeed(deps, audit, events)]),
    ]);
    const failures = targets.flatMap((target) => (target.status === "rejected" ? [target.reason] : []));
    const marks = new Map<number, Partial<AuditEvent>>();
    for (const target of targets) {
      if (target.status === "rejected") continue;
      for (const [sequence, mark] of target.value) marks.set(sequence, { ...marks.get(sequence), ...mark });
    }

    const now = deps.clock();
    const after: Audit = { ...audit, events: { ...audit.events }, outboxAt: now + publishRetryMs };
    for (const { sequence, event } of events) {
      const publishedAt = failures.length === 0 ? { publishedAt: now } : {};
      after.events[eventKey(sequence)] = { ...event, ...marks.get(sequence), ...publishedAt };
    }
    if (failures.length === 0) delete after.outboxAt;
    const written = await deps.audits.update(audit, after, ["sequence", "outboxAt"]);
    if (failures.length > 0) throw failures[0];
    return written === "stale" ? "stale" : "published";
  };
}

function isJustChanged(events: readonly NumberedEvent[], now: number): boolean {
  return events.every(({ event }) => now < event.at + firstPublishMs);
}
