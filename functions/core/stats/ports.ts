import type { Fulfilment } from "../kard/rewards.ts";
import type { Amount, DayFigures, FiledAudit, SettledAudit } from "./day-figures.ts";
import type { OpenSnapshot } from "./open-figures.ts";

/** A period, `to` exclusive, in epoch milliseconds. */
export interface Period {
  from: number;
  to: number;
}

/** What was read of a period: all of it before `through`. It is less than the period where a bound was reached. */
export interface ReadThrough<Row> {
  rows: Row[];
  through: number;
}

export interface OpenAudit extends Amount {
  createdAt: number;
  status: string;
  laneAt: number;
}

/** Open audits of one part of a lane, in order of `laneAt`. */
export interface OpenPage {
  lane: "OPEN" | "RECHECK" | "SUBMIT";
  shard: number;
  audits: readonly OpenAudit[];
}

/** An issuer's audits and notifications as the indexes have them, which lag behind the table. Reads are bounded. */
export interface StatsSource {
  filed(organizationId: string, period: Period): Promise<ReadThrough<FiledAudit>>;
  settled(organizationId: string, period: Period): Promise<ReadThrough<SettledAudit>>;
  /** Visits the audits that are open now, page by page. Returns whether these are all. */
  open(organizationId: string, visit: (page: OpenPage) => void): Promise<boolean>;
  /** Counts audits of a period of settlement by whether Kard has done what it promised, the newest first. */
  fulfilments(
    organizationId: string,
    period: Period,
  ): Promise<{ counts: Partial<Record<Fulfilment, number>>; isComplete: boolean }>;
  /** Counts notifications of a period by subscription and status, the newest first. */
  deliveries(
    organizationId: string,
    period: Period,
  ): Promise<{ counts: Record<string, Record<string, number>>; isComplete: boolean }>;
}

/** The stored figures of days, by the day's start in epoch milliseconds. Reads are strongly consistent. */
export interface DayFigureStore {
  /** Reads the figures of days. Rows that cannot be read are left out. */
  getAll(organizationId: string, days: readonly number[]): Promise<Map<number, DayFigures>>;
  /** Stores figures that continue those of the revision before; `stale` if others have been stored since. */
  put(organizationId: string, day: number, figures: DayFigures): Promise<"done" | "stale">;
}

/** The stored figures of open audits, one snapshot per issuer. Reads by issuer are strongly consistent. */
export interface OpenSnapshotStore {
  get(organizationId: string): Promise<OpenSnapshot | undefined>;
  /** Stores the snapshot that follows the revision before; `stale` if another has been stored since. */
  put(organizationId: string, snapshot: OpenSnapshot): Promise<"done" | "stale">;
  /** The issuers whose snapshots are due, the oldest first. */
  due(now: number, limit: number): Promise<string[]>;
}
