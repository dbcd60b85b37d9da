import { concurrencyLimit } from "../core/shared/concurrency-limit.ts";
import type { AuditLanes, PollCursors } from "../core/tracking/ports.ts";

/** Limits how many reads of lanes and cursors run at once, regardless of the number of issuers. */
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
