import type { Fulfilment } from "../kard/rewards.ts";
import { isSameKardId } from "../kard/same-kard-id.ts";
import type { Audit, AuditStatus, Submission } from "./audit.ts";

/**
 * Filters a list of audits. An array matches if any of its values does. Times are epoch milliseconds; `…Before` is
 * exclusive.
 */
export interface AuditFilter {
  statuses?: readonly AuditStatus[] | undefined;
  submissions?: readonly Submission[] | undefined;
  auditCodes?: readonly number[] | undefined;
  resolutionCodes?: readonly number[] | undefined;
  fulfilments?: readonly Fulfilment[] | undefined;
  merchantNames?: readonly string[] | undefined;
  userIds?: readonly string[] | undefined;
  transactionIds?: readonly string[] | undefined;
  references?: readonly string[] | undefined;
  kardAuditIds?: readonly string[] | undefined;
  isOverdue?: boolean | undefined;
  dueBefore?: number | undefined;
  /** Created at this time or later. */
  since?: number | undefined;
  before?: number | undefined;
  settledSince?: number | undefined;
  settledBefore?: number | undefined;
}

/** The order of a list. With `settledAt`, it has only settled audits. */
export interface AuditOrder {
  by: "createdAt" | "settledAt";
  isAscending: boolean;
}

export const newestFirst: AuditOrder = { by: "createdAt", isAscending: false };

/** Whether an audit matches all parts of a filter. */
export function isMatch(audit: Audit, filter: AuditFilter): boolean {
  const { request, resolution, createdAt, settledAt, dueAt } = audit;
  return (
    isOneOf(audit.status, filter.statuses) &&
    isOneOf(audit.submission, filter.submissions) &&
    isOneOf(request.auditCode, filter.auditCodes) &&
    isOneOf(resolution?.resolutionCode, filter.resolutionCodes) &&
    isOneOf(audit.fulfilment, filter.fulfilments) &&
    isOneOf(request.merchantName, filter.merchantNames) &&
    isOneOf(audit.userId, filter.userIds) &&
    isOneOf(request.transactionId, filter.transactionIds) &&
    isOneOf(audit.reference, filter.references) &&
    (filter.kardAuditIds?.some((id) => isSameKardId(audit.kardAuditId, id)) ?? true) &&
    isSame(audit.overdueAt !== undefined, filter.isOverdue) &&
    isWithin(dueAt, undefined, filter.dueBefore) &&
    isWithin(createdAt, filter.since, filter.before) &&
    isWithin(settledAt, filter.settledSince, filter.settledBefore)
  );
}

function isOneOf<Value>(value: Value | null | undefined, wanted: readonly Value[] | undefined): boolean {
  return wanted === undefined || (value != null && wanted.includes(value));
}

function isSame<Value>(value: Value | undefined, wanted: Value | undefined): boolean {
  return wanted === undefined || value === wanted;
}

function isWithin(time: number | undefined, since: number | undefined, before: number | undefined): boolean {
  if (since === undefined && before === undefined) return true;
  return time !== undefined && time >= (since ?? time) && (before === undefined || time < before);
}
