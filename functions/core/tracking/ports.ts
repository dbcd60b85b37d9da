import type { AuditKey, AuditStatus } from "../audits/audit.ts";
import type { DueLane, IssuerShard } from "../shared/lanes.ts";
import type { LanePage } from "../shared/ports.ts";
import type { Adoption, AdoptionKey, AdoptionRow } from "./adoption.ts";
import type { Window } from "./poll-plan.ts";

/** A row of a lane, with all that a poll needs. */
export interface LaneRow extends AuditKey {
  laneAt: number;
  kardAuditId: string | undefined;
  status: AuditStatus;
  dueAt?: number | undefined;
}

/** A position in a lane, after the row with this time and audit. */
export interface LanePosition extends AuditKey {
  laneAt: number;
}

/** A row of a lane in which each row has its own due time. Adoptions are only in lane SUBMIT. */
export type DueRow = LaneRow | AdoptionRow;
export type DuePosition = LanePosition | AdoptionRow;

/** A page of a lane. Unreadable rows are missing in `rows` and reported in `errors`. */
export interface AuditLanePage<Row = LaneRow, Position = LanePosition> extends LanePage<Row, Position> {
  errors: readonly unknown[];
}

/** The lanes of audits. The index may lag behind the audits. */
export interface AuditLanes {
  oldestOpen(of: IssuerShard): Promise<number | undefined>;
  /** Open audits accepted in a window, oldest first. `after` is a position inside the window. */
  open(of: IssuerShard, window: Window, after: LanePosition | undefined, limit: number): Promise<AuditLanePage>;
  /** The rows of a lane that are due. */
  due(
    lane: DueLane,
    of: IssuerShard,
    now: number,
    limit: number,
    after?: DuePosition,
  ): Promise<AuditLanePage<DueRow, DuePosition>>;
  /** Moves an unreadable row to a later time, unless its place in the lane has changed. */
  postpone(lane: DueLane, row: DuePosition, laneAt: number): Promise<void>;
}

/** Stores pending adoptions. Reads are strongly consistent. */
export interface AdoptionStore {
  /**
   * Stores a new adoption, unless one exists for its Kard id. Its issuer is added to the directory first.
   *
   * @returns the stored adoption
   */
  add(adoption: Adoption): Promise<Adoption>;
  get(key: AdoptionKey): Promise<Adoption | undefined>;
  /** Stores the tries and the next time, if the adoption is as it was seen. */
  postpone(seen: Adoption, next: Pick<Adoption, "attempts" | "laneAt">): Promise<"done" | "stale">;
  /** Removes the adoption if it is as it was seen. It may have been postponed, or removed and added again. */
  remove(seen: Adoption): Promise<"done" | "stale">;
}

/** A poller's lease of one shard, for all issuers. */
export interface PollLease {
  shard: number;
  holder: string;
  /** Increases with each lease of the shard. */
  generation: number;
}

export interface PollLeases {
  /** Leases a shard until `expiresAt`; `undefined` if another holder has it. */
  take(shard: number, holder: string, now: number, expiresAt: number): Promise<PollLease | undefined>;
  /** Ends the lease, if the holder still has it. */
  release(lease: PollLease): Promise<void>;
}

/** A poller's progress in a band: the end of its last pass, and the current pass. */
export interface BandCursor {
  since?: number | undefined;
  until?: number | undefined;
  position?: LanePosition | undefined;
}

/** The cursors of an issuer's shard, by band. A lost or old cursor repeats polls and skips none. */
export interface PollCursors {
  read(of: IssuerShard): Promise<Record<string, BandCursor>>;
  /** Replaces all cursors; `stale` if the holder of a later lease has saved some. */
  save(of: IssuerShard, generation: number, cursors: Record<string, BandCursor>): Promise<"done" | "stale">;
}

/**
 * Why an issuer's circuit breaker opened. `hanging`: Kard does not answer in time. `unreachable`: no connection to
 * Kard. `server-errors`: Kard answers 5xx, or not in the format of its API.
 */
export type CircuitOpenReason = "unauthorized" | "throttled" | "server-errors" | "hanging" | "unreachable";

/** An issuer's open circuit, stored for the next tick. Times are epoch milliseconds. */
export interface OpenCircuit {
  organizationId: string;
  reason: CircuitOpenReason;
  since: number;
  /** No calls before this time (Kard's `Retry-After`). */
  pausedUntil: number;
}

export interface OpenCircuitStore {
  list(): Promise<OpenCircuit[]>;
  /** Stores an open circuit. The first `since` is kept, and so is a longer pause of another poller. */
  record(openCircuit: OpenCircuit): Promise<void>;
  /** Deletes an open circuit, unless it has been stored again since it was seen. */
  clear(seen: OpenCircuit): Promise<void>;
}
