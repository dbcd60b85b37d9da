import type { Audit } from "../audits/audit.ts";
import type { ReportError } from "../shared/ports.ts";
import { type PublishDeps, publishEvents } from "./publish-events.ts";

/**
 * Publishes an audit's events now. A failure is reported, not thrown: the events stay in the outbox, and the sweep
 * publishes them.
 */
export function publishBestEffort(deps: PublishDeps & { reportError: ReportError }) {
  return async (audit: Audit): Promise<void> => {
    try {
      await publishEvents(deps)(audit);
    } catch (error) {
      deps.reportError(error);
    }
  };
}
