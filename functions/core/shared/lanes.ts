import { createHash } from "node:crypto";

/**
 * An issuer's part of a lane, and its outbox, is spread over this many index partitions, so that none throttles the
 * table.
 */
export const shardCount = 8;

export const shards: readonly number[] = Array.from({ length: shardCount }, (_, shard) => shard);

/** One of an issuer's partitions of a lane or of the outbox. No two issuers share one. */
export interface IssuerShard {
  organizationId: string;
  shard: number;
}

/**
 * The work an item waits for. An item stays in its lane until that work is done, whatever crashes in between.
 *
 * - `SUBMIT`: to be handed to Kard, or an adoption about which Kard is to be asked, not before `laneAt`
 * - `OPEN`: accepted by Kard at `laneAt`, polled by windows of that time
 * - `RECHECK`: to be polled on its own, not before `laneAt`
 * - `DELIVER`: a webhook to be tried again, not before `laneAt`
 */
export type Lane = "SUBMIT" | "OPEN" | "RECHECK" | "DELIVER";

/** The shard of an id, 0–7: the same id is always in the same shard. */
export function shardOf(id: string): number {
  return createHash("sha256").update(id).digest().readUInt8(0) % shardCount;
}
