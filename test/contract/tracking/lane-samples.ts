import type { Audit } from "../../../functions/core/audits/audit.ts";
import type { AuditStore } from "../../../functions/core/audits/ports.ts";
import { isAdoption } from "../../../functions/core/tracking/adoption.ts";
import type { AdoptionStore, AuditLanes, DueRow } from "../../../functions/core/tracking/ports.ts";
import { idsInShard } from "../../support/polling/shard-ids.ts";
import { openAudit } from "../../support/sample-audits.ts";

export interface OpenAuditLanes {
  audits: AuditStore;
  adoptions: AdoptionStore;
  lanes: AuditLanes;
  close: () => Promise<void>;
}

export const shard = 3;
export const of = { organizationId: "org", shard };
export const always = { from: 0, to: Number.MAX_SAFE_INTEGER };

/** Open audits of one shard, one per given time. */
export function openAt(times: readonly number[]): Audit[] {
  const ids = idsInShard(shard, times.length);
  return times.map((laneAt, index) => openAudit({ auditId: ids[index] ?? "", acceptedAt: laneAt, laneAt }));
}

export function idsOf(rows: readonly DueRow[]): string[] {
  return rows.map((row) => (isAdoption(row) ? row.kardAuditId : row.auditId));
}
