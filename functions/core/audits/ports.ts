import type { Page, PagePosition } from "../shared/ports.ts";
import type { Audit, AuditKey, AuditStatus } from "./audit.ts";

/** The state that a conditional update relies on: it fails as `stale` if one of these has changed since it was read. */
export type AuditGuard = "status" | "sequence" | "laneAt" | "outboxAt" | "submitAttempts";

/** Audits, one at a time and always read consistently. */
export interface AuditStore {
  /** Stores a new audit, or hands back the one that has its id already. Its issuer is in the directory before it is. */
  create(audit: Audit): Promise<{ outcome: "created" } | { outcome: "exists"; existing: Audit }>;
  get(key: AuditKey): Promise<Audit | undefined>;
  /** Those of them that are there, in no order. */
  getAll(keys: readonly AuditKey[]): Promise<Audit[]>;
  /** Writes what differs between the two in one update, which fails as `stale` where a guarded value has changed. */
  update(before: Audit, after: Audit, guards: readonly AuditGuard[]): Promise<"done" | "stale">;
}

/**
 * Which audit each of Kard's audit ids belongs to, always read consistently. An id belongs to one audit of one issuer
 * at most, whatever happens at once: issuers that share a Kard credential cannot both track it.
 */
export interface KardAuditIds {
  find(kardAuditId: string): Promise<AuditKey | undefined>;
  /** Gives an id to an audit, unless it belongs to another. Repeating it changes nothing. @returns whose it is now */
  claim(kardAuditId: string, key: AuditKey): Promise<AuditKey>;
}

/** Forgets audits before their time. The functions may not: it is for the operator. */
export interface AuditRemoval {
  /**
   * Deletes an audit with all that hangs on it, whether or not the audit itself is there still, and that its Kard id is
   * its own. The audit goes last, so that what an interruption leaves is found by it.
   *
   * @returns how many rows that were
   */
  remove(key: AuditKey): Promise<number>;
}

/** What a list of audits is narrowed to. Created at `since` or later and before `before`, in epoch milliseconds. */
export interface AuditFilter {
  status?: AuditStatus | undefined;
  userId?: string | undefined;
  transactionId?: string | undefined;
  since?: number | undefined;
  before?: number | undefined;
}

export interface AuditListing {
  /** May bring fewer than `size` although there are more: what one request reads is bounded, `next` goes on. */
  list(organizationId: string, filter: AuditFilter, size: number, from?: PagePosition): Promise<Page<Audit>>;
}

/** The issuers that have, or have had, audits: whose lanes and outbox there are to look through. */
export interface IssuerDirectory {
  /** Adds an issuer; one that is there stays as it is. */
  add(organizationId: string): Promise<void>;
  /** All of them. */
  list(): Promise<string[]>;
}
