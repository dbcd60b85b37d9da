import type { Audit, AuditStatus } from "./audit.ts";
import type { AuditStore } from "./ports.ts";

/** The metric that counts audits entering each status. */
export const metricOfStatus = {
  SUBMITTING: "AuditsFiled",
  NEW: "AuditsAccepted",
  IN_PROGRESS: "AuditsStarted",
  CLOSED: "AuditsClosed",
  REJECTED: "AuditsRejected",
} as const satisfies Record<AuditStatus, string>;

export type StatusMetric = (typeof metricOfStatus)[AuditStatus];

/** A store that counts and logs each new status after it is written. */
export function withAuditMetrics(
  audits: AuditStore,
  count: (metric: StatusMetric) => void,
  logger: { info(message: string, fields: Pick<Audit, "organizationId" | "auditId" | "status">): void },
): AuditStore {
  const observe = ({ organizationId, auditId, status }: Audit) => {
    count(metricOfStatus[status]);
    logger.info("an audit has a new status", { organizationId, auditId, status });
  };
  return {
    ...audits,
    async create(audit) {
      const created = await audits.create(audit);
      if (created.outcome === "created") observe(audit);
      return created;
    },
    async update(before, after, guards) {
      const written = await audits.update(before, after, guards);
      if (written === "done" && after.status !== before.status) observe(after);
      if (written === "done" && after.overdueAt !== before.overdueAt) {
        const { organizationId, auditId, status } = after;
        logger.info("an audit is overdue", { organizationId, auditId, status });
      }
      return written;
    },
  };
}
