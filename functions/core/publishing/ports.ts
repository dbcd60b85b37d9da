import type { Audit, AuditEvent, AuditKey } from "../audits/audit.ts";
import type { IssuerShard } from "../shared/lanes.ts";
import type { LanePage } from "../shared/ports.ts";

/** An audit in the outbox, and when it is due. */
export interface OutboxRow extends AuditKey {
  outboxAt: number;
}

/** Audits with events to publish. The index may lag behind the audits. */
export interface OutboxIndex {
  /** The audits that are due at `now`. */
  due(of: IssuerShard, now: number, limit: number, after?: OutboxRow): Promise<LanePage<OutboxRow>>;
}

/** The deployment owner's queue of resolutions. */
export interface ResolutionsQueue {
  /**
   * @returns the code of SQS if it refuses the message permanently
   * @throws if the message could not be sent now
   */
  send(resolved: { audit: Audit; event: AuditEvent }): Promise<{ refused?: string }>;
}
