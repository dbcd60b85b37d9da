import type { PollLease } from "../core/tracking/ports.ts";

/** A poller's shard in a tick. Once it is lost to another poller, nothing more is begun in it. */
export interface LeasedShard {
  readonly lease: PollLease;
  isLost: boolean;
}
