import type { Call } from "../call.ts";
import type { Audit } from "./audit-words.ts";
import type { AttentionReason, ListView } from "./list-query.ts";

/** The audits that need attention for one reason, oldest first. */
export interface AttentionSource {
  reason: AttentionReason;
  /** The audits that were read and are not shown yet. */
  read: readonly Audit[];
  /** Where its next page begins: `undefined` at the end, and empty for the first page. */
  next: string | undefined;
}

/** Where a page of a work list begins: a position of the API, or one in each source of the tab Needs attention. */
export type Position = string | readonly AttentionSource[];

/** Why audits are in a list, by audit id: reasons for attention, or what the search has found. */
export type Why = ReadonlyMap<string, readonly string[]>;

export interface AuditPage {
  audits: Audit[];
  /** Where the next page begins; `undefined` at the end. */
  next: Position | undefined;
  why: Why;
  /** Whether a source had more audits than were read. */
  isCut: boolean;
}

export interface LoadInput {
  call: Call;
  view: ListView;
  now: number;
  from: Position | undefined;
  signal: AbortSignal;
  nextPage: (links: { next?: string | undefined } | undefined) => string | undefined;
  /** Whether the caller may read notifications. */
  readsNotifications: boolean;
}

/** A text that is not valid as one kind of id can be valid as another. */
export function ignoreInvalid(error: { status?: number }): { data: Audit[]; links?: { next?: string } } {
  if (error.status === 400 || error.status === 404) return { data: [] };
  throw error;
}
