import type { ApiKey } from "../../../functions/core/access/api-key.ts";
import type { Audit, AuditKey } from "../../../functions/core/audits/audit.ts";
import type { Notification } from "../../../functions/core/notifications/notification.ts";
import type { DeletedSubscription, Subscription } from "../../../functions/core/subscriptions/subscription.ts";
import type { Adoption } from "../../../functions/core/tracking/adoption.ts";
import type { BandCursor, OpenCircuit } from "../../../functions/core/tracking/ports.ts";

/** The row of a shard's lease and cursors. */
interface MemoryLease {
  generation?: number;
  holder?: string;
  heldUntil?: number;
}

/** All rows, by the `nameOf` their keys. */
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

/** A unique name for the parts of a key. */
export function nameOf(...parts: (string | number)[]): string {
  return JSON.stringify(parts);
}

/** A row after a write and a read: a copy without undefined values. */
export function copyOf<Row>(row: Row): Row {
  return JSON.parse(JSON.stringify(row)) as Row;
}

/** Orders names like a table orders its keys. */
export function byName(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
