import type { PollLease } from "../core/tracking/ports.ts";

/** A shard that a poller has leased for a tick. Once another poller has it (`isLost`), nothing new starts in it. */
export interface LeasedShard {
  readonly lease: PollLease;
  isLost: boolean;
}
