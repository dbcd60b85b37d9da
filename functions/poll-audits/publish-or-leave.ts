import type { Audit } from "../core/audit.ts";
import { type PublishDeps, publishEvents } from "../core/publish-events.ts";
import type { Tally } from "./tally.ts";

/** Publishes what has happened to an audit. What goes wrong is left to the sweep: the audit is in the outbox still. */
export function publishOrLeave(deps: PublishDeps, tally: Tally) {
  return async (audit: Audit): Promise<void> => {
    try {
      await publishEvents(deps)(audit);
    } catch (error) {
      tally.errors.push(error);
    }
  };
}
