import type { IssuerShard } from "./lanes.ts";
import type { LanePosition } from "./ports.ts";

/** A poller's hold on one shard, of all issuers. */
export interface PollLease {
  shard: number;
  holder: string;
  /** Grows with each lease of the shard: a later one has a higher number. */
  generation: number;
}

export interface PollLeases {
  /** Takes a shard until `expiresAt`, or nothing while another holder has it. */
  take(shard: number, holder: string, now: number, expiresAt: number): Promise<PollLease | undefined>;
  /** Gives the shard back if it is still the holder's. */
  release(lease: PollLease): Promise<void>;
}

/** How far a poller has come with one band: the end of its last pass, and the pass under way. */
export interface BandCursor {
  since?: number | undefined;
  until?: number | undefined;
  position?: LanePosition | undefined;
}

/** The cursors of an issuer's shard, by band. One that is lost or old has audits polled again and loses none. */
export interface PollCursors {
  /** As last saved. */
  read(of: IssuerShard): Promise<Record<string, BandCursor>>;
  /** Replaces them all; `stale` if the holder of a later lease has saved some. */
  save(of: IssuerShard, generation: number, cursors: Record<string, BandCursor>): Promise<"done" | "stale">;
}

/**
 * Why an issuer's calls are held back. `hanging`: Kard does not answer in time. `unreachable`: no call gets through to
 * Kard. `server-errors`: Kard answers 5xx, or what is no answer of its API.
 */
export type TroubleReason = "unauthorized" | "throttled" | "server-errors" | "hanging" | "unreachable";

/** An issuer's trouble with Kard, as one tick tells it to the next. Times are epoch milliseconds. */
export interface IssuerTrouble {
  organizationId: string;
  reason: TroubleReason;
  since: number;
  /** No call before this: Kard's `Retry-After`. */
  pausedUntil: number;
}

export interface IssuerTroubles {
  list(): Promise<IssuerTrouble[]>;
  /**
   * Keeps a trouble. `since` stays what it was when it began, and a longer pause that another poller has kept stands.
   */
  record(trouble: IssuerTrouble): Promise<void>;
  /** Forgets a trouble, unless it has been recorded anew since it was seen. */
  clear(seen: IssuerTrouble): Promise<void>;
}
