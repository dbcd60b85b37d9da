import type { Audit } from "../../functions/core/audits/audit.ts";
import { submitLeaseMs } from "../../functions/core/audits/submit-backoff.ts";
import type { AuditRequest } from "../../functions/core/kard/audit-request.ts";
import type { KardAudit } from "../../functions/core/kard/ports.ts";
import type { Notification } from "../../functions/core/notifications/notification.ts";
import type { Subscription } from "../../functions/core/subscriptions/subscription.ts";
import type { Adoption } from "../../functions/core/tracking/adoption.ts";
import { noon } from "./fake-clock.ts";

export const aRequest: AuditRequest = {
  transactionId: "transaction-1",
  auditCode: 3006,
  merchantName: "Corner Coffee",
  auditDescription: "No cashback for the espresso",
};

/** A stored audit that was not submitted yet. */
export function submittingAudit(changes: Partial<Audit> = {}): Audit {
  return {
    organizationId: "org",
    auditId: "4b1f6f2e-0000-4000-8000-000000000001",
    userId: "user-1",
    request: aRequest,
    status: "SUBMITTING",
    submission: "unconfirmed",
    submitAttempts: 1,
    createdAt: noon,
    sequence: 0,
    events: {},
    lane: "SUBMIT",
    laneAt: noon + submitLeaseMs,
    leasedUntil: noon + submitLeaseMs,
    ...changes,
  };
}

/** An audit that no function is submitting. */
export function waitingAudit(changes: Partial<Audit> = {}): Audit {
  const { leasedUntil: _leasedUntil, ...waiting } = submittingAudit(changes);
  return waiting;
}

/** An accepted audit. */
export function openAudit(changes: Partial<Audit> = {}): Audit {
  return waitingAudit({
    status: "NEW",
    submission: "confirmed",
    kardAuditId: "kard-1",
    acceptedAt: noon,
    lane: "OPEN",
    laneAt: noon,
    ...changes,
  });
}

/** A due adoption. */
export function pendingAdoption(changes: Partial<Adoption> = {}): Adoption {
  return {
    organizationId: "org",
    kardAuditId: "kard-1",
    userId: "user-1",
    attempts: 1,
    createdAt: noon,
    laneAt: noon,
    ...changes,
  };
}

/** A closed audit at Kard. */
export function closedAtKard(kardAuditId = "kard-1"): KardAudit {
  return {
    kardAuditId,
    request: aRequest,
    status: "CLOSED",
    resolution: {
      resolutionCode: 5004,
      resolutionDescription: "Reward dispute resolved",
      resolutionTimeStamp: "2026-03-14T12:30:00.000Z",
    },
  };
}

export function openAtKard(status: "NEW" | "IN_PROGRESS", kardAuditId = "kard-1"): KardAudit {
  return { kardAuditId, request: aRequest, status };
}

export function aSubscription(changes: Partial<Subscription> = {}): Subscription {
  return {
    organizationId: "org",
    subscriptionId: "subscription-1",
    webhookUrl: "https://issuer.example/webhooks",
    eventNames: ["audit.closed"],
    enabled: true,
    secrets: [{ secret: "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=" }],
    createdAt: noon - 60_000,
    revision: 1,
    sequence: 0,
    ...changes,
  };
}

export function aNotification(changes: Partial<Notification> = {}): Notification {
  return {
    organizationId: "org",
    auditId: "4b1f6f2e-0000-4000-8000-000000000001",
    sequence: 1,
    subscriptionId: "subscription-1",
    eventName: "audit.closed",
    status: "pending",
    attemptCount: 1,
    attempts: [{ at: noon, ms: 12, statusCode: 500 }],
    createdAt: noon,
    ...changes,
  };
}
