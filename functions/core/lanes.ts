import { createHash } from "node:crypto";

/** Every lane and the outbox are spread over this many index partitions, so that none of them throttles the table. */
export const shardCount = 8;

export const shards: readonly number[] = Array.from({ length: shardCount }, (_, shard) => shard);

/**
 * The work an item waits for. An item stays in its lane until that work is done, whatever crashes in between.
 *
 * - `SUBMIT`: to be handed to Kard, not before `laneAt`
 * - `OPEN`: accepted by Kard at `laneAt`, polled by windows of that time
 * - `RECHECK`: to be polled on its own, not before `laneAt`
 * - `DELIVER`: a webhook to be tried again, not before `laneAt`
 */
export type Lane = "SUBMIT" | "OPEN" | "RECHECK" | "DELIVER";

/** The shard of an id, 0–7: the same id is always in the same shard. */
export function shardOf(id: string): number {
  return createHash("sha256").update(id).digest().readUInt8(0) % shardCount;
}

/** The index partition of a lane's shard, such as `OPEN#3`. */
export function lanePartition(lane: Lane, shard: number): string {
  return `${lane}#${shard}`;
}

/** The index partition of the outbox's shard, such as `OUTBOX#3`. */
export function outboxPartition(shard: number): string {
  return `OUTBOX#${shard}`;
}
