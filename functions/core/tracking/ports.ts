import type { AuditKey, AuditStatus } from "../audits/audit.ts";
import type { IssuerShard } from "../shared/lanes.ts";
import type { LanePage } from "../shared/ports.ts";
import type { Adoption, AdoptionKey, AdoptionRow } from "./adoption.ts";
import type { Window } from "./poll-plan.ts";

/** A row of a lane: enough to poll an audit without reading it. */
export interface LaneRow extends AuditKey {
  laneAt: number;
  kardAuditId: string | undefined;
  status: AuditStatus;
}

/** A place in a lane: between the row with this time and audit, and the next. */
export interface LanePosition extends AuditKey {
  laneAt: number;
}

/** A row of a lane whose rows have each a time of their own. Adoptions are in lane SUBMIT alone. */
export type DueRow = LaneRow | AdoptionRow;
export type DuePosition = LanePosition | AdoptionRow;

/** A page of a lane. A row that cannot be read is left out of `rows`: `errors` says why. */
export interface AuditLanePage<Row = LaneRow, Position = LanePosition> extends LanePage<Row, Position> {
  errors: readonly unknown[];
}

/** The lanes of audits, as an index that may lag behind the audits themselves. */
export interface AuditLanes {
  oldestOpen(of: IssuerShard): Promise<number | undefined>;
  /** Open audits accepted in a window, oldest first; `after` is a position inside that window. */
  open(of: IssuerShard, window: Window, after: LanePosition | undefined, limit: number): Promise<AuditLanePage>;
  /** What is in a lane and whose time has come. */
  due(
    lane: "SUBMIT" | "RECHECK",
    of: IssuerShard,
    now: number,
    limit: number,
    after?: DuePosition,
  ): Promise<AuditLanePage<DueRow, DuePosition>>;
  /** Puts off a row that cannot even be read, unless its place in the lane has changed. */
  postpone(lane: "SUBMIT" | "RECHECK", row: DuePosition, laneAt: number): Promise<void>;
}

/** Adoptions that Kard could not be asked about yet, one at a time and always read consistently. */
export interface AdoptionStore {
  /**
   * Stores a new one, unless there is one for its Kard id. Its issuer is in the directory before.
   *
   * @returns what is stored
   */
  add(adoption: Adoption): Promise<Adoption>;
  get(key: AdoptionKey): Promise<Adoption | undefined>;
  /** Writes how often it was tried and when it is tried next, if it is still where it was seen. */
  postpone(seen: Adoption, next: Pick<Adoption, "attempts" | "laneAt">): Promise<"done" | "stale">;
  remove(key: AdoptionKey): Promise<"done" | "missing">;
}

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
export type CircuitOpenReason = "unauthorized" | "throttled" | "server-errors" | "hanging" | "unreachable";

/** An issuer's trouble with Kard, as one tick tells it to the next. Times are epoch milliseconds. */
export interface OpenCircuit {
  organizationId: string;
  reason: CircuitOpenReason;
  since: number;
  /** No call before this: Kard's `Retry-After`. */
  pausedUntil: number;
}

export interface OpenCircuitStore {
  list(): Promise<OpenCircuit[]>;
  /**
   * Keeps a trouble. `since` stays what it was when it began, and a longer pause that another poller has kept stands.
   */
  record(openCircuit: OpenCircuit): Promise<void>;
  /** Forgets a trouble, unless it has been recorded anew since it was seen. */
  clear(seen: OpenCircuit): Promise<void>;
}
