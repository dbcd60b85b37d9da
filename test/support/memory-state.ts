import type { ApiKey } from "../../functions/core/access/api-key.ts";
import type { Audit, AuditKey } from "../../functions/core/audits/audit.ts";
import type { Notification } from "../../functions/core/notifications/notification.ts";
import type { DeletedSubscription, Subscription } from "../../functions/core/subscriptions/subscription.ts";
import type { Adoption } from "../../functions/core/tracking/adoption.ts";
import type { BandCursor, OpenCircuit } from "../../functions/core/tracking/ports.ts";

/** What a shard's row holds. */
interface MemoryLease {
  generation?: number;
  holder?: string;
  heldUntil?: number;
}

/** All rows, by `nameOf` their key's parts. */
export interface MemoryState {
  audits: Map<string, Audit>;
  /** By Kard's id. */
  kardAuditIds: Map<string, AuditKey>;
  adoptions: Map<string, Adoption>;
  notifications: Map<string, Notification>;
  subscriptions: Map<string, Subscription>;
  deletedSubscriptions: Map<string, DeletedSubscription>;
  apiKeys: Map<string, ApiKey>;
  issuers: Set<string>;
  openCircuits: Map<string, OpenCircuit>;
  leases: Map<string, MemoryLease>;
  cursors: Map<string, { generation: number; cursors: Record<string, BandCursor> }>;
}

export function emptyState(): MemoryState {
  return {
    audits: new Map(),
    kardAuditIds: new Map(),
    adoptions: new Map(),
    notifications: new Map(),
    subscriptions: new Map(),
    deletedSubscriptions: new Map(),
    apiKeys: new Map(),
    issuers: new Set(),
    openCircuits: new Map(),
    leases: new Map(),
    cursors: new Map(),
  };
}

/** One name for the parts of a key; no two lists of parts share one. */
export function nameOf(...parts: (string | number)[]): string {
  return JSON.stringify(parts);
}

/** What a row is after it has been written and read: nobody's object, and without what is undefined. */
export function copyOf<Row>(row: Row): Row {
  return JSON.parse(JSON.stringify(row)) as Row;
}

/** Orders names as a table does its keys. */
export function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
