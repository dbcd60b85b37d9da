import { expect, test } from "@jest/globals";
import { type Notification, notificationStatus } from "../../../../functions/core/notifications/notification.ts";
import { recoverBody } from "../../../../functions/subscriptions-api/notifications/notification-input.ts";
import { recoverNotifications } from "../../../../functions/subscriptions-api/notifications/recover-notifications.ts";
import { notificationRoutes } from "../../../../functions/subscriptions-api/notifications/respond-notifications.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aNotification, aSubscription } from "../../../support/sample-audits.ts";

const failed = (changes: Parameters<typeof aNotification>[0]) =>
  aNotification({ status: "delivery_failed", createdAt: noon, event: { id: "evt", body: "{}" }, ...changes });

const { organizationId, subscriptionId } = aNotification();
const { statuses } = recoverBody.parse({ since: "2026-03-14T12:00:00Z" });
const input = { organizationId, subscriptionId, since: noon, statuses, dryRun: false, from: undefined };

async function worldWith(...notifications: ReturnType<typeof failed>[]) {
  const world = fakeWorld();
  for (const notification of notifications) await world.notifications.put(notification, undefined);
  return { world, recover: recoverNotifications(world) };
}

const one = (status: Notification["status"], changes: Partial<Notification> = {}) =>
  failed({ auditId: status, status, ...changes });
const of = [
  ...[one("delivery_failed"), one("held"), one("delivered"), one("pending")],
  one("pending", { auditId: "on-its-way", attemptCount: 0 }),
  one("pending", { auditId: "asked-for", attemptCount: 4, replayedAfter: 4 }),
  one("delivery_failed", { auditId: "before", createdAt: noon - 1 }),
  one("delivery_failed", { auditId: "of-another", subscriptionId: "another" }),
];

test.each<[string, Notification["status"][], string[]]>([
  ["whatever was not delivered, unless it is said otherwise,", statuses, ["delivery_failed", "held", "pending"]],
  ["what was delivered", ["delivered"], ["delivered"]],
  ["everything", notificationStatus.options, ["delivered", "delivery_failed", "held", "pending"]],
])(
  "%s since a time is replayed, only for this subscription and only if it is not being sent",
  async (_, asked, sent) => {
    const { world, recover } = await worldWith(...of);
    expect(await recover({ ...input, statuses: asked, dryRun: true })).toEqual({
      count: sent.length,
      failed: 0,
      skipped: 0,
      next: undefined,
    });
    expect(world.deliveries.sent).toEqual([]);
    expect(await recover({ ...input, statuses: asked })).toEqual({
      count: sent.length,
      failed: 0,
      skipped: 0,
      next: undefined,
    });
    expect(world.deliveries.sent.map(({ auditId }) => auditId).sort()).toEqual(sent);
    expect(await recover({ ...input, statuses: asked })).toEqual({ count: 0, failed: 0, skipped: 0, next: undefined });
  },
);

test("a pending one is sent at once and restarts its schedule", async () => {
  const nextAttemptAt = noon + 20 * 3_600_000;
  const { world, recover } = await worldWith(one("pending", { attemptCount: 8, nextAttemptAt, laneAt: nextAttemptAt }));
  await recover(input);
  expect(world.deliveries.sent).toMatchObject([{ auditId: "pending", attemptCount: 8, delaySeconds: 0 }]);
  expect(await world.notifications.get(one("pending"))).toMatchObject({ status: "pending", replayedAfter: 8 });
});

test("one that was delivered since it was listed is left alone", async () => {
  const { world, recover } = await worldWith(one("delivery_failed"));
  const { list } = world.notificationListing;
  world.notificationListing.list = async (...given) => {
    const page = await list(...given);
    await world.notifications.putDelivered([one("delivered", { auditId: "delivery_failed" })]);
    return page;
  };
  expect(await recover(input)).toEqual({ count: 0, failed: 0, skipped: 0, next: undefined });
  expect(world.deliveries.sent).toEqual([]);
});

test("what exceeds a call is left to the next, which continues from there", async () => {
  const rows = Array.from({ length: 501 }, (_, number) => failed({ auditId: `audit-${number}` }));
  const { world, recover } = await worldWith(...rows);
  const first = await recover(input);
  expect(first).toEqual({ count: 500, failed: 0, skipped: 0, next: expect.anything() });
  expect(await recover({ ...input, from: first.next })).toEqual({ count: 1, failed: 0, skipped: 0, next: undefined });
  expect(new Set(world.deliveries.sent.map(({ auditId }) => auditId)).size).toBe(501);
});

test("the next page of a dry run is a dry run, too", async () => {
  const { world } = await worldWith(
    ...Array.from({ length: 501 }, (_, number) => failed({ auditId: `audit-${number}`, subscriptionId })),
  );
  await world.subscriptions.create(aSubscription({ subscriptionId }));
  const routes = notificationRoutes(world);
  const path = `/v2/issuers/${organizationId}/subscriptions/${subscriptionId}/recover`;
  const response = await routes["POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/recover"].respond({
    ...{ requestId: "1", method: "POST", path, urlPath: path, headers: {} },
    ...{ parameters: { organizationId, subscriptionId }, query: { dryRun: "true" } },
    body: {
      bytes: Buffer.from(JSON.stringify({ since: new Date(noon).toISOString() })),
      contentType: "application/json",
    },
    caller: { organizations: [organizationId], scopes: [] },
  });
  expect(response).toMatchObject({
    statusCode: 200,
    body: { data: { attributes: { dryRun: true, notifications: 500 } } },
  });
  expect(JSON.stringify(response.body)).toMatch(/recover\?[^"]*dryRun=true/);
});

test("one that cannot be replayed is counted, and the others are replayed", async () => {
  const { world, recover } = await worldWith(one("delivery_failed"), one("held"));
  const { put } = world.notifications;
  world.notifications.put = async (notification, seen) => {
    if (notification.auditId === "held") throw new Error("throttled");
    return put(notification, seen);
  };
  expect(await recover(input)).toEqual({ count: 1, failed: 1, skipped: 0, next: undefined });
  expect(world.deliveries.sent).toHaveLength(1);
});

test("ones whose messages cannot be sent are replayed all the same: the sweep sends them", async () => {
  const { world, recover } = await worldWith(one("delivery_failed"), one("held"));
  const error = new Error("SQS cannot be reached");
  world.deliveries.send = async () => {
    throw error;
  };
  expect(await recover(input)).toEqual({ count: 2, failed: 0, skipped: 0, next: undefined });
  expect(world.errors).toEqual([error]);
});

test("one whose event has expired is skipped", async () => {
  const { recover } = await worldWith(one("delivery_failed", { event: undefined }), one("held"));
  expect(await recover(input)).toEqual({ count: 1, failed: 0, skipped: 1, next: undefined });
});
