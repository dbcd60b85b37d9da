import type { Audit, AuditEvent, AuditKey } from "../audits/audit.ts";
import type { IssuerShard } from "../shared/lanes.ts";
import type { LanePage } from "../shared/ports.ts";

/** An audit in the outbox, and since when it is due. */
export interface OutboxRow extends AuditKey {
  outboxAt: number;
}

/** Audits with events that somebody may still be owed, as an index that may lag behind the audits themselves. */
export interface OutboxIndex {
  /** Those whose time has come. */
  due(of: IssuerShard, now: number, limit: number, after?: OutboxRow): Promise<LanePage<OutboxRow>>;
}

/** The deployment owner's queue of resolutions. */
export interface ResolutionsQueue {
  /**
   * @returns SQS's code where it refuses the message for good
   * @throws when it could not be sent now
   */
  send(resolved: { audit: Audit; event: AuditEvent }): Promise<{ refused?: string }>;
}
