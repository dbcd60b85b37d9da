import { concurrencyLimit } from "../core/shared/concurrency-limit.ts";
import type { AuditLanes, PollCursors } from "../core/tracking/ports.ts";

/** The lanes and cursors, of which no more than so many are read at once, however many issuers there are. */
export function boundedReads(
  { lanes, cursors }: { lanes: AuditLanes; cursors: PollCursors },
  readsAtOnce: number,
): { lanes: AuditLanes; cursors: PollCursors } {
  const limited = concurrencyLimit(readsAtOnce);
  return {
    lanes: {
      oldestOpen: (...of) => limited(() => lanes.oldestOpen(...of)),
      open: (...page) => limited(() => lanes.open(...page)),
      due: (...page) => limited(() => lanes.due(...page)),
      postpone: (...row) => limited(() => lanes.postpone(...row)),
    },
    cursors: {
      read: (of) => limited(() => cursors.read(of)),
      save: (...saved) => limited(() => cursors.save(...saved)),
    },
  };
}
