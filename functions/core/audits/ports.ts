import type { Page, PagePosition } from "../shared/ports.ts";
import type { Audit, AuditKey } from "./audit.ts";
import type { AuditFilter, AuditOrder } from "./audit-filter.ts";

/** A field that a conditional update checks: the update is `stale` if it has changed since it was read. */
export type AuditGuard = "status" | "sequence" | "laneAt" | "outboxAt" | "submitAttempts" | "annotationsRevision";

/** Stores audits. Reads are strongly consistent. */
export interface AuditStore {
  /**
   * Stores a new audit, or returns the existing one with its id. The audit's issuer is added to the directory first.
   */
  create(audit: Audit): Promise<{ outcome: "created" } | { outcome: "exists"; existing: Audit }>;
  get(key: AuditKey): Promise<Audit | undefined>;
  /** The audits that exist, in no order. */
  getAll(keys: readonly AuditKey[]): Promise<Audit[]>;
  /** Writes the differences in one update; `stale` if a guarded field has changed. */
  update(before: Audit, after: Audit, guards: readonly AuditGuard[]): Promise<"done" | "stale">;
}

/**
 * Maps Kard's audit ids to audits. Reads are strongly consistent. An id belongs to at most one audit of one issuer, so
 * issuers that share a Kard credential cannot both track it.
 */
export interface KardAuditIds {
  find(kardAuditId: string): Promise<AuditKey | undefined>;
  /** Assigns an id to an audit, unless another audit has it. Idempotent. @returns the audit that has the id now */
  claim(kardAuditId: string, key: AuditKey): Promise<AuditKey>;
}

export interface AuditListing {
  /** A page may have fewer than `size` audits although more follow, because one request reads a bounded amount. */
  list(
    organizationId: string,
    filter: AuditFilter,
    size: number,
    from?: PagePosition,
    order?: AuditOrder,
  ): Promise<Page<Audit>>;
}

/** The issuers that have or had audits, and therefore lanes and an outbox. */
export interface IssuerDirectory {
  /** Adds an issuer. Idempotent. */
  add(organizationId: string): Promise<void>;
  list(): Promise<string[]>;
}
