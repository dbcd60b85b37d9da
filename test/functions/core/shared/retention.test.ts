import { expect, test } from "@jest/globals";
import { auditExpiry } from "../../../../functions/core/audits/audit-expiry.ts";
import { changeAudit } from "../../../../functions/core/audits/change-audit.ts";
import { completed, held, newNotification, replayed } from "../../../../functions/core/notifications/notification.ts";
import { notificationExpiry } from "../../../../functions/core/notifications/notification-expiry.ts";
import { noon } from "../../../support/fake-clock.ts";
import { closedAtKard, openAudit, submittingAudit } from "../../../support/sample-audits.ts";

const retention = { auditDays: 400, notificationDays: 30 };
const noonSeconds = Math.ceil(noon / 1_000);
const day = 86_400;

const key = {
  organizationId: "org",
  auditId: "a",
  sequence: 1,
  subscriptionId: "s",
  eventName: "audit.closed",
} as const;

test("an audit expires from its settlement, once its events are published", () => {
  const kardAudit = closedAtKard();
  if (kardAudit.status !== "CLOSED") throw new Error("it is not closed");
  const { resolution } = kardAudit;
  const closed = changeAudit(openAudit(), "close", { resolution }, noon);
  if (closed === undefined) throw new Error("it cannot be closed");
  const { outboxAt, ...told } = closed;
  expect(outboxAt).toBeDefined();
  expect(auditExpiry(closed, retention)).toBeUndefined();
  expect(auditExpiry(told, retention)).toBe(noonSeconds + 400 * day);
  expect(auditExpiry(told, {})).toBeUndefined();
  for (const open of [openAudit(), submittingAudit(), openAudit({ lane: "RECHECK", overdueAt: noon })]) {
    expect(auditExpiry(open, retention)).toBeUndefined();
  }
});

test("a notification expires once it is delivered or failed, and never while it is pending", () => {
  const attempts = [{ at: noon, ms: 5, statusCode: 200 }];
  const tried = { ...newNotification(key, noon - 1_000), attemptCount: 1, attempts };
  const event = { id: "evt", body: "{}" };
  expect(notificationExpiry(completed(tried, "delivered"), retention)).toBe(noonSeconds + 30 * day);
  expect(notificationExpiry(completed(tried, "delivery_failed"), retention)).toBe(noonSeconds + 400 * day);
  expect(notificationExpiry(completed(tried, "delivered"), {})).toBeUndefined();
  for (const owed of [tried, held(tried, event, noon), replayed(completed(tried, "delivered"), noon)]) {
    expect(notificationExpiry(owed, retention)).toBeUndefined();
  }
});

test("a held notification stores its event, so it outlives its audit", () => {
  const event = { id: "evt", body: "{}" };
  expect(held(newNotification(key, noon), event, noon)).toMatchObject({ status: "held", event });
});

test("items in a lane, or never settled, are kept", () => {
  expect(auditExpiry(openAudit({ settledAt: noon, lane: "OPEN" }), retention)).toBeUndefined();
  const { lane: _lane, ...unsettled } = openAudit();
  expect(auditExpiry(unsettled, retention)).toBeUndefined();
});

test("a record without attempts expires from its creation", () => {
  const untried = completed(newNotification(key, noon), "delivery_failed");
  expect(notificationExpiry(untried, retention)).toBe(noonSeconds + 400 * day);
});
