import { createHash } from "node:crypto";

/**
 * How many index partitions an issuer's part of a lane, or its outbox, has. DynamoDB would throttle a single partition,
 * and the writes to the table with it.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
export const shardCount = 8;

export const shards: readonly number[] = Array.from({ length: shardCount }, (_, shard) => shard);

/** One partition of an issuer's lane or outbox. Issuers never share one. */
export interface IssuerShard {
  organizationId: string;
  shard: number;
}

/**
 * The kind of work that an item waits for. An item stays in its lane until the work is done, even after a crash.
 *
 * - `SUBMIT`: submit to Kard, not before `laneAt`
 * - `OPEN`: accepted by Kard at `laneAt`; polled in windows of that time
 * - `RECHECK`: poll individually, not before `laneAt`
 * - `FOLLOWUP`: compare a closed audit with the user's rewards at Kard, not before `laneAt`
 * - `DELIVER`: send a webhook, not before `laneAt`
 */
export type Lane = "SUBMIT" | "OPEN" | "RECHECK" | "FOLLOWUP" | "DELIVER";

/** The lanes whose rows each have their own due time and are processed by the poller. */
export type DueLane = Exclude<Lane, "OPEN" | "DELIVER">;

/** The shard of an id, 0–7. It is stable. */
export function shardOf(id: string): number {
  return createHash("sha256").update(id).digest().readUInt8(0) % shardCount;
}
