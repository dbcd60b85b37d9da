import { expect, test } from "@jest/globals";
import { deliveryFigures, maxSampled } from "../../../../functions/core/notifications/delivery-figures.ts";
import type { Notification } from "../../../../functions/core/notifications/notification.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aNotification, aSubscription } from "../../../support/sample-audits.ts";

const hour = 60 * 60_000;
const day = 24 * hour;
const today = Math.floor(noon / day) * day;
const none = { delivered: 0, delivery_failed: 0, pending: 0, held: 0 };

/** The last seven days, of which some have notifications, by the number of days ago. */
const daysWith = (some: Record<number, object>) =>
  [6, 5, 4, 3, 2, 1, 0].map((ago) => ({ day: today - ago * day, notifications: { ...none, ...some[ago] } }));

async function figuresWith(...rows: Partial<Notification>[]) {
  const world = fakeWorld();
  await world.notifications.putNew(
    rows.map((row, n) => aNotification({ auditId: `audit-${n}`, attempts: [], ...row })),
  );
  return deliveryFigures(world)(aSubscription());
}

test("without notifications there are no rates and no times", async () => {
  const period = {
    ...{ notifications: none, attempts: { succeeded: 0, failed: 0 } },
    ...{ successRate: undefined, p50: undefined, p95: undefined },
  };
  expect(await figuresWith()).toEqual({
    ...{ last24Hours: period, last7Days: period, isComplete: true, sampled: 0, owed: 0 },
    days: daysWith({}),
    ...{ lastSuccess: undefined, lastFailure: undefined },
  });
});

test("notifications count by their event's time, and attempts by their own", async () => {
  const success = { at: noon - hour, ms: 40, statusCode: 204 };
  const failure = { at: noon - 3 * day, ms: 90, statusCode: 500 };
  const figures = await figuresWith(
    { createdAt: noon - hour, status: "delivered", attempts: [success] },
    {
      createdAt: noon - 3 * day,
      status: "delivered",
      attempts: [failure, { at: noon - 2 * hour, ms: 10, statusCode: 200 }],
    },
    { createdAt: noon - 2 * day, status: "pending", attempts: [] },
    { createdAt: noon - 30 * day, status: "held", attempts: [] },
    { createdAt: noon - 8 * day, status: "delivered", attempts: [{ at: noon - 8 * day, ms: 1, statusCode: 204 }] },
    { createdAt: noon, status: "delivered", subscriptionId: "other", attempts: [{ at: noon, ms: 1, statusCode: 204 }] },
  );
  expect(figures).toEqual({
    last24Hours: {
      ...{ notifications: { ...none, delivered: 1 }, attempts: { succeeded: 2, failed: 0 } },
      ...{ successRate: 1, p50: 10, p95: 40 },
    },
    last7Days: {
      ...{ notifications: { ...none, delivered: 2, pending: 1 }, attempts: { succeeded: 2, failed: 1 } },
      ...{ successRate: 0.6667, p50: 40, p95: 90 },
    },
    days: daysWith({ 0: { delivered: 1 }, 2: { pending: 1 }, 3: { delivered: 1 } }),
    ...{ isComplete: true, sampled: 3, lastSuccess: success, lastFailure: failure, owed: 2 },
  });
});

test("an attempt without an answer has failed and has no response time; the tracker's own errors do not count", async () => {
  const attempts = [
    { at: noon - 4, ms: 15_000, error: "timeout" },
    { at: noon - 3, ms: 0, error: "interrupted" },
    { at: noon - 2, ms: 0, error: "internal-error" },
  ];
  const { last24Hours } = await figuresWith({ createdAt: noon, attempts });
  expect(last24Hours).toMatchObject({ attempts: { succeeded: 0, failed: 1 }, successRate: 0, p50: undefined });
});

test("the attempts of the newest notifications are read, and all notifications are counted", async () => {
  const rows = Array.from({ length: maxSampled + 50 }, (_, n) => ({
    ...{ createdAt: noon - n, status: "delivered" as const },
    attempts: [{ at: noon - n, ms: n, statusCode: 204 }],
  }));
  const { last7Days, sampled } = await figuresWith(...rows);
  expect(sampled).toBe(maxSampled);
  expect(last7Days).toMatchObject({
    notifications: { delivered: maxSampled + 50 },
    attempts: { succeeded: maxSampled },
    p95: 0.95 * maxSampled - 1,
  });
});
