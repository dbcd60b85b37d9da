import { describe, expect, test } from "@jest/globals";
import { apiKey } from "../../../../functions/core/access/api-key.ts";
import { audit } from "../../../../functions/core/audits/audit.ts";
import { delivery } from "../../../../functions/core/notifications/delivery.ts";
import { notification } from "../../../../functions/core/notifications/notification.ts";
import { subscription } from "../../../../functions/core/subscriptions/subscription.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aNotification, aRequest, aSubscription, openAudit } from "../../../support/sample-audits.ts";

const event = { id: "evt_1", body: "{}" };

/** All fields of each stored type. */
const fullAudit = openAudit({
  request: {
    ...aRequest,
    preferredContactEmail: "desk@issuer.example",
    issuer: "Meridian Bank",
    transactionAmountInCents: 4_599,
    referringPartnerUserId: "partner-user-1",
    merchantId: "merchant-1",
    submitterName: "Desk",
  },
  startedAt: noon + 1,
  settledAt: noon + 2,
  overdueAt: noon + 3,
  leasedUntil: noon + 4,
  failingSince: noon + 5,
  missingSince: noon + 6,
  resolution: { resolutionCode: 5004, resolutionDescription: "Reward dispute resolved", resolutionTimeStamp: null },
  refusal: {
    status: 409,
    errors: [
      {
        ...{ status: "409", title: "Conflict Error", detail: "It exists", id: "kard-2" },
        source: { pointer: "/data/0", parameter: "page[size]", header: "authorization" },
      },
    ],
  },
  sequence: 1,
  events: {
    e1: {
      ...event,
      type: "audit.closed",
      at: noon,
      queuedAt: noon + 5,
      notifiedAt: noon + 6,
      publishedAt: noon + 7,
      publishError: "InvalidMessageContents",
    },
  },
  outboxAt: noon + 8,
  fingerprint: "f".repeat(64),
});
const fullSubscription = aSubscription({
  filters: { auditCodes: [3006], resolutionCodes: [5004] },
  headers: { "x-tenant": "1" },
  description: "the ledger",
  payload: "thin",
  retrySchedule: [60, 600],
  ordered: true,
  maxPerSecond: 20,
  enabled: false,
  disabled: { at: noon, reason: "gone" },
  secrets: [{ secret: "whsec_new" }, { secret: "whsec_old", signsUntil: noon }],
  failingSince: noon + 1,
  warned: { stages: 2, firstAt: noon },
  inTrouble: true,
  eventCount: 3,
  slowUntil: noon + 2,
  backoff: { until: noon + 3, waitMs: 60_000 },
  events: [{ ...event, sequence: 1, eventName: "subscription.disabled", at: noon, announcedTo: ["endpoints", "feed"] }],
  contacted: { at: noon, notificationId: "ntf_1" },
  outboxAt: noon + 4,
});
const fullNotification = aNotification({
  attempts: [
    { at: noon, ms: 12, statusCode: 500 },
    { at: noon + 1, ms: 5_000, error: "timeout" },
  ],
  nextAttemptAt: noon + 2,
  laneAt: noon + 3,
  replayedAfter: 1,
  event,
  announcedTo: ["bus", "topic", "queue", "contact"],
});
const fullKey = {
  keyId: "abc",
  secretHash: "0".repeat(64),
  organizations: ["org", "other"],
  scopes: ["audit:read", "audit:write", "notifications:read", "notifications:write"],
  createdAt: noon,
  description: "back office",
  validUntil: noon + 1,
  revokedAt: noon + 2,
  lastUsedOn: "2026-03-14",
  rotatedFrom: "abb",
};
const fullDelivery = {
  ...{ organizationId: "org", auditId: "audit-1", sequence: 1, subscriptionId: "subscription-1", attemptCount: 2 },
  ...{ createdAt: noon, eventId: "evt_1", eventName: "audit.closed", body: "{}" },
};
const stored = { audit, subscription, notification, apiKey, delivery };
const full = {
  audit: fullAudit,
  subscription: fullSubscription,
  notification: fullNotification,
  apiKey: fullKey,
  delivery: fullDelivery,
};
const kinds = Object.keys(full) as (keyof typeof full)[];

test.each(kinds)("all fields of a stored %s are read back", (kind) => {
  expect(stored[kind].parse(full[kind])).toEqual(full[kind]);
});

describe.each(kinds)("a stored %s", (kind) => {
  test.each(Object.entries(full[kind]).filter(([, value]) => typeof value !== "boolean"))(
    "is refused when its %s is of another type than %j",
    (name) => {
      expect(stored[kind].safeParse({ ...full[kind], [name]: true }).success).toBe(false);
    },
  );
});

test.each([
  [audit, fullAudit, "status", ["SUBMITTING", "NEW", "IN_PROGRESS", "CLOSED", "REJECTED"]],
  [audit, fullAudit, "submission", ["unconfirmed", "unsent", "confirmed"]],
  [audit, fullAudit, "lane", ["SUBMIT", "OPEN", "RECHECK", "FOLLOWUP", undefined]],
  [notification, fullNotification, "status", ["pending", "delivered", "delivery_failed", "held"]],
])("%#: each listed value is accepted, and no other", (schema, row, name, words) => {
  for (const word of words) expect(schema.parse({ ...row, [name]: word })).toEqual({ ...row, [name]: word });
  for (const word of ["", "DELIVER", "Closed"]) expect(schema.safeParse({ ...row, [name]: word }).success).toBe(false);
});

test("a key has at least one organization, and a subscription at least one secret", () => {
  expect(apiKey.safeParse({ ...fullKey, organizations: [] }).success).toBe(false);
  expect(subscription.safeParse({ ...fullSubscription, secrets: [] }).success).toBe(false);
});
