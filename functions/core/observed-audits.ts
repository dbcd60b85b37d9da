import type { Audit, AuditStatus } from "./audit.ts";
import type { AuditStore } from "./ports.ts";

/** What the way of the audits is measured by: how many came into each status. */
export const metricOfStatus = {
  SUBMITTING: "AuditsFiled",
  NEW: "AuditsAccepted",
  IN_PROGRESS: "AuditsStarted",
  CLOSED: "AuditsClosed",
  REJECTED: "AuditsRejected",
} as const satisfies Record<AuditStatus, string>;

export type StatusMetric = (typeof metricOfStatus)[AuditStatus];

/** A store that tells of each audit that comes into a status, once the table has it. */
export function observedAudits(audits: AuditStore, onStatus: (metric: StatusMetric, audit: Audit) => void): AuditStore {
  return {
    ...audits,
    async create(audit) {
      const created = await audits.create(audit);
      if (created.outcome === "created") onStatus(metricOfStatus[audit.status], audit);
      return created;
    },
    async update(before, after, guards) {
      const written = await audits.update(before, after, guards);
      if (written === "done" && after.status !== before.status) onStatus(metricOfStatus[after.status], after);
      return written;
    },
  };
}
