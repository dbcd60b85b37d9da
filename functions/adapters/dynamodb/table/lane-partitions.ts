import type { Lane } from "../../../core/shared/lanes.ts";
import { key } from "./table.ts";

/** The partition of index `lanes` for an issuer's shard of a lane, such as `OPEN#bank-a#3`. */
export function lanePartition(lane: Lane, organizationId: string, shard: number): string {
  return key(lane, organizationId, shard);
}

/** The partition of index `outbox` for an issuer's shard, such as `OUTBOX#bank-a#3`. */
export function outboxPartition(organizationId: string, shard: number): string {
  return key("OUTBOX", organizationId, shard);
}
