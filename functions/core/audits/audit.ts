import { z } from "zod";
import { auditEventType } from "../events/events.ts";
import { auditRequest } from "../kard/audit-request.ts";
import { resolution } from "../kard/resolution.ts";
import { jsonApiError } from "../shared/json-api-error.ts";
import type { Lane } from "../shared/lanes.ts";

export const auditStatus = z.enum(["SUBMITTING", "NEW", "IN_PROGRESS", "CLOSED", "REJECTED"]);
export type AuditStatus = z.infer<typeof auditStatus>;

/**
 * Whether Kard has the audit: `unconfirmed` while a create may be on its way or its answer was lost, `unsent` when Kard
 * definitely has not got it, `confirmed` when Kard gave its id or refused it.
 */
export const submission = z.enum(["unconfirmed", "unsent", "confirmed"]);
export type Submission = z.infer<typeof submission>;

/** An event of an audit, with the exact bytes that every subscriber is sent. Times are epoch milliseconds. */
export const auditEvent = z.object({
  id: z.string(),
  type: auditEventType,
  at: z.number(),
  body: z.string(),
  /** When the owner's queue took it; only `audit.closed` goes there. */
  queuedAt: z.number().optional(),
  /** SQS's code where the owner's queue has refused it for good. */
  publishError: z.string().optional(),
  /** When its notifications were written and their messages sent. */
  notifiedAt: z.number().optional(),
  /** When all of that was done. */
  publishedAt: z.number().optional(),
});

export type AuditEvent = z.infer<typeof auditEvent>;

export const audit = z.object({
  organizationId: z.string(),
  auditId: z.string(),
  /** Absent for an audit of Kard's legacy create, which knows no user. */
  userId: z.string().optional(),
  request: auditRequest,
  status: auditStatus,
  submission,
  submitAttempts: z.number(),
  kardAuditId: z.string().optional(),
  /** Epoch milliseconds, as all times here. */
  createdAt: z.number(),
  acceptedAt: z.number().optional(),
  startedAt: z.number().optional(),
  settledAt: z.number().optional(),
  overdueAt: z.number().optional(),
  /**
   * When Kard took the audit with an answer in which no id could be read. To file it again would make another, so it
   * waits for a push or for somebody who attaches its id.
   */
  acceptedWithoutIdAt: z.number().optional(),
  /** Kard's status as Kard wrote it, while it is one that is not known here. */
  kardStatus: z.string().optional(),
  /** Since when polls of this audit alone have failed, or have shown a status that is not known here. */
  failingSince: z.number().optional(),
  /** Since when Kard has answered 404 for an audit that it once accepted. */
  missingSince: z.number().optional(),
  resolution: resolution.optional(),
  /** Kard's reasons, of a REJECTED audit. */
  refusal: z.object({ status: z.number(), errors: z.array(jsonApiError) }).optional(),
  /** The number of its last event; events count 1, 2, 3 … without gaps. */
  sequence: z.number(),
  events: z.record(z.string(), auditEvent),
  lane: z.enum(["SUBMIT", "OPEN", "RECHECK"] satisfies Lane[]).optional(),
  laneAt: z.number().optional(),
  /** Until when the function that hands it to Kard has it for itself. Absent: anyone may hand it over. */
  leasedUntil: z.number().optional(),
  /** When the sweep publishes its events; present until they are published. */
  outboxAt: z.number().optional(),
  /** Of an audit that came with an Idempotency-Key: SHA-256 of the request that came with it. */
  fingerprint: z.string().optional(),
});

export type Audit = z.infer<typeof audit>;

/** Where an audit stands in its life: all that is needed to name it in the table, in a message or to Kard. */
export type AuditKey = Pick<Audit, "organizationId" | "auditId">;

interface Transition {
  from: readonly AuditStatus[];
  /** `undefined`: the status stays. */
  to: AuditStatus | undefined;
  event: z.infer<typeof auditEventType> | undefined;
  /** Where the audit goes: into a lane, out of all of them, or nowhere. */
  lane: "OPEN" | "none" | "stay";
}

/** The audit's life cycle. A status never goes backwards: the store refuses what is not declared here. */
export const transitions = {
  accept: { from: ["SUBMITTING"], to: "NEW", event: undefined, lane: "OPEN" },
  /** Kard refused while the caller was waiting: the answer says so, no event is needed. */
  refuse: { from: ["SUBMITTING"], to: "REJECTED", event: undefined, lane: "none" },
  /** Kard refused on a later try. */
  reject: { from: ["SUBMITTING"], to: "REJECTED", event: "audit.rejected", lane: "none" },
  start: { from: ["NEW"], to: "IN_PROGRESS", event: "audit.in_progress", lane: "stay" },
  close: { from: ["NEW", "IN_PROGRESS"], to: "CLOSED", event: "audit.closed", lane: "none" },
  overdue: { from: ["SUBMITTING", "NEW", "IN_PROGRESS"], to: undefined, event: "audit.overdue", lane: "stay" },
} as const satisfies Record<string, Transition>;

export type TransitionName = keyof typeof transitions;

/** Whether Kard still has work to do on an audit of this status. */
export function isOpen(status: AuditStatus): status is "NEW" | "IN_PROGRESS" {
  return status === "NEW" || status === "IN_PROGRESS";
}
