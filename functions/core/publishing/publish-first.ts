import type { Audit, AuditEvent } from "../audits/audit.ts";
import type { NumberedEvent } from "../audits/change-audit.ts";
import { newEntries } from "./event-feed.ts";
import { firstNotifications, isUntouched, type NotifyDeps, sendMessages } from "./notify-subscriptions.ts";

type Marks = Map<number, Partial<AuditEvent>>;

/**
 * Publishes events to the subscriptions and the feed when no other run can have begun. It writes the notifications and
 * the entries of the feed in one batch: one request for up to 25 rows. If the subscriptions cannot be read, the feed
 * still gets the events.
 *
 * @returns the marks of both targets; each may fail
 */
export function publishFirst(
  deps: NotifyDeps,
  audit: Audit,
  events: readonly NumberedEvent[],
): [subscriptions: Promise<Marks>, feed: Promise<Marks>] {
  const { organizationId } = audit;
  const marksOf = (mark: Partial<AuditEvent>): Marks => new Map(events.map(({ sequence }) => [sequence, mark]));
  const found = firstNotifications(deps, audit, events);
  const write = async () => {
    const notifications = await found.catch(() => []);
    const at = deps.clock();
    await deps.notifications.putNew(notifications, { organizationId, entries: newEntries(audit, events, at) });
    return marksOf({ feedAt: at });
  };
  const written = write();
  const notify = async () => {
    const notifications = await found;
    await written;
    await sendMessages(deps, audit, notifications.filter(isUntouched), true);
    return marksOf({ notifiedAt: deps.clock() });
  };
  return [notify(), written];
}
