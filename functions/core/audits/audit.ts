import * as z from "zod";
import { type AuditEventType, storedEventName } from "../events/events.ts";
import { auditRequest } from "../kard/audit-request.ts";
import { resolution } from "../kard/resolution.ts";
import { earnedReward, fulfilment } from "../kard/rewards.ts";
import { jsonApiError } from "../shared/json-api-error.ts";
import type { Lane } from "../shared/lanes.ts";
import { annotations } from "./annotations.ts";

export const auditStatus = z.enum(["SUBMITTING", "NEW", "IN_PROGRESS", "CLOSED", "REJECTED"]);
export type AuditStatus = z.infer<typeof auditStatus>;

/**
 * Whether Kard has the audit. `unconfirmed`: a create may be in flight, or its response was lost. `unsent`: Kard does
 * not have it. `confirmed`: Kard gave its id or refused it.
 */
export const submission = z.enum(["unconfirmed", "unsent", "confirmed"]);
export type Submission = z.infer<typeof submission>;

/** The comparison of a closed audit with the user's rewards at Kard. Times are epoch milliseconds. */
export const followUp = z.object({
  /** When they are compared. */
  dueAt: z.number(),
  /** The transaction's reward soon after the resolution; null if there was none, absent until it is read. */
  before: earnedReward.nullable().optional(),
  /** The time since which Kard has not answered. */
  failingSince: z.number().optional(),
});
export type FollowUp = z.infer<typeof followUp>;

/** An event of an audit, with the exact bytes sent to every subscriber. Times are epoch milliseconds. */
export const auditEvent = z.object({
  id: z.string(),
  type: storedEventName,
  at: z.number(),
  body: z.string(),
  /** When the owner's queue accepted it, or the code of SQS if the queue refused it permanently. */
  queuedAt: z.number().optional(),
  publishError: z.string().optional(),
  /** The same for the owner's event bus. */
  busAt: z.number().optional(),
  busError: z.string().optional(),
  /** The same for the owner's topic. */
  topicAt: z.number().optional(),
  topicError: z.string().optional(),
  /** When its notifications were written and their messages sent. */
  notifiedAt: z.number().optional(),
  /** When it was published to all targets. */
  publishedAt: z.number().optional(),
  /** When it was appended to the feed. */
  feedAt: z.number().optional(),
});

export type AuditEvent = z.infer<typeof auditEvent>;

export const audit = z.object({
  organizationId: z.string(),
  auditId: z.string(),
  /** Absent for an audit of Kard's legacy create, which has no user. */
  userId: z.string().optional(),
  request: auditRequest,
  ...annotations.shape,
  /** The number of changes of the issuer's own data. */
  annotationsRevision: z.number().optional(),
  status: auditStatus,
  submission,
  submitAttempts: z.number(),
  kardAuditId: z.string().optional(),
  /** All times are epoch milliseconds. */
  createdAt: z.number(),
  acceptedAt: z.number().optional(),
  startedAt: z.number().optional(),
  settledAt: z.number().optional(),
  /** When it is due to be settled. It never changes. */
  dueAt: z.number().optional(),
  dueSoonAt: z.number().optional(),
  overdueAt: z.number().optional(),
  /**
   * When Kard accepted the audit with a response without a readable id. A second create would make another audit, so
   * this one waits for a push or for an operator who attaches the id.
   */
  acceptedWithoutIdAt: z.number().optional(),
  /** Kard's status, verbatim, while this version does not know it. */
  kardStatus: z.string().optional(),
  /** The time since which polls of this audit have failed or shown an unknown status. */
  failingSince: z.number().optional(),
  /** The time since which Kard has answered 404 for an audit that it accepted. */
  missingSince: z.number().optional(),
  resolution: resolution.optional(),
  /** Absent unless the resolution promises something and follow-ups are configured. */
  fulfilment: fulfilment.catch("unknown").optional(),
  fulfilmentAt: z.number().optional(),
  followUp: followUp.optional(),
  /** Kard's errors, for a REJECTED audit. */
  refusal: z.object({ status: z.number(), errors: z.array(jsonApiError) }).optional(),
  /** The number of its last event. Events count 1, 2, 3 … without gaps. */
  sequence: z.number(),
  events: z.record(z.string(), auditEvent),
  lane: z.enum(["SUBMIT", "OPEN", "RECHECK", "FOLLOWUP"] satisfies Lane[]).optional(),
  laneAt: z.number().optional(),
  /** The time until which only one function may submit it. Absent if any function may. */
  leasedUntil: z.number().optional(),
  /** When the sweep publishes its events; absent once they are published. */
  outboxAt: z.number().optional(),
  /** SHA-256 of the request, if it had an Idempotency-Key. */
  fingerprint: z.string().optional(),
});

export type Audit = z.infer<typeof audit>;

/** Identifies an audit in the table, in messages and in calls. */
export type AuditKey = Pick<Audit, "organizationId" | "auditId">;

interface Transition {
  from: readonly AuditStatus[];
  /** `undefined` keeps the status. */
  to: AuditStatus | undefined;
  event: AuditEventType | undefined;
  /** The audit's lane after the transition. */
  lane: "OPEN" | "none" | "stay";
}

/** The life cycle of an audit. The store refuses other transitions, so a status never goes backwards. */
export const transitions = {
  accept: { from: ["SUBMITTING"], to: "NEW", event: undefined, lane: "OPEN" },
  /** Kard refused while the caller waited. The response reports it, so no event is needed. */
  refuse: { from: ["SUBMITTING"], to: "REJECTED", event: undefined, lane: "none" },
  /** Kard refused in a retry. */
  reject: { from: ["SUBMITTING"], to: "REJECTED", event: "audit.rejected", lane: "none" },
  start: { from: ["NEW"], to: "IN_PROGRESS", event: "audit.in_progress", lane: "stay" },
  close: { from: ["NEW", "IN_PROGRESS"], to: "CLOSED", event: "audit.closed", lane: "none" },
  dueSoon: { from: ["SUBMITTING", "NEW", "IN_PROGRESS"], to: undefined, event: "audit.due_soon", lane: "stay" },
  overdue: { from: ["SUBMITTING", "NEW", "IN_PROGRESS"], to: undefined, event: "audit.overdue", lane: "stay" },
  fulfil: { from: ["CLOSED"], to: undefined, event: "audit.fulfilled", lane: "none" },
  leaveUnfulfilled: { from: ["CLOSED"], to: undefined, event: "audit.unfulfilled", lane: "none" },
} as const satisfies Record<string, Transition>;

export type TransitionName = keyof typeof transitions;

/** Whether Kard is still working on an audit of this status. */
export function isOpen(status: AuditStatus): status is "NEW" | "IN_PROGRESS" {
  return status === "NEW" || status === "IN_PROGRESS";
}
