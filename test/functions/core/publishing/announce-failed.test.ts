import { expect, test } from "@jest/globals";
import { notificationFailedEventBody } from "../../../../functions/core/events/webhook-events.ts";
import { givenUp, type Notification } from "../../../../functions/core/notifications/notification.ts";
import { notificationId } from "../../../../functions/core/notifications/notification-id.ts";
import { replayNotification } from "../../../../functions/core/notifications/replay-notification.ts";
import { announceFailed } from "../../../../functions/core/publishing/announce-failed.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aNotification, aSubscription } from "../../../support/sample-audits.ts";

const attempts = [{ at: noon - 1_000, ms: 20, statusCode: 500 }];
const tried = aNotification({ attemptCount: 10, attempts, event: { id: "evt_1", body: "{}" } });
const failed = givenUp(tried, noon);

async function worldWith(notification: Notification = failed) {
  const world = fakeWorld();
  const eventNames = ["notification.failed" as const];
  await world.subscriptions.create(aSubscription({ eventNames: ["audit.closed", ...eventNames] }));
  await world.subscriptions.create(aSubscription({ subscriptionId: "watcher", eventNames }));
  await world.notifications.put(notification, undefined);
  return world;
}

test("the other endpoints that ask get it, with the last attempt and what to replay", async () => {
  const world = await worldWith();
  await announceFailed(world)(failed);
  expect(world.deliveries.sent).toMatchObject([{ subscriptionId: "watcher", eventName: "notification.failed" }]);
  const body = notificationFailedEventBody.parse(JSON.parse(world.deliveries.sent[0]?.body ?? ""));
  expect(body).toMatchObject({
    timestamp: new Date(noon - 980).toISOString(),
    data: {
      id: notificationId(failed),
      attributes: { eventName: "audit.closed", attempts: 10, lastAttempt: { statusCode: 500, milliseconds: 20 } },
      relationships: { audit: { data: { id: failed.auditId } }, subscription: { data: { id: "subscription-1" } } },
      sequence: 10,
    },
  });
});

test("it stays in its lane until it is announced, and is announced once", async () => {
  const world = await worldWith();
  expect(failed).toMatchObject({ status: "delivery_failed", laneAt: noon + 60_000 });
  const { send } = world.deliveries;
  world.deliveries.send = async () => {
    throw new Error("the queue is gone");
  };
  await expect(announceFailed(world)(failed)).rejects.toThrow("the queue is gone");
  expect(await world.notifications.get(failed)).toEqual({ ...failed, announcedTo: ["feed"] });
  world.deliveries.send = send;
  await announceFailed(world)((await world.notifications.get(failed)) ?? failed);
  const stored = await world.notifications.get(failed);
  expect(stored).toMatchObject({ status: "delivery_failed" });
  expect(stored).not.toHaveProperty("laneAt");
  expect(stored).not.toHaveProperty("announcedTo");
  if (stored !== undefined) await announceFailed(world)(stored);
  const { entries } = await world.feed.read("org", { since: 0, until: noon + 1 }, 10);
  expect(entries).toHaveLength(1);
});

test("a replay meanwhile stays", async () => {
  const world = await worldWith();
  await replayNotification(world)(failed);
  await announceFailed(world)(failed);
  expect(await world.notifications.get(failed)).toMatchObject({ status: "pending", replayedAfter: 10 });
});

test("one that was refused before its first attempt says why", async () => {
  const refused = givenUp(aNotification({ attemptCount: 0, attempts: [] }), noon, "queue-refused");
  const world = await worldWith(refused);
  await announceFailed(world)(refused);
  const body = notificationFailedEventBody.parse(JSON.parse(world.deliveries.sent[0]?.body ?? ""));
  expect(body.data).toMatchObject({ attributes: { attempts: 0, errorMessage: "queue-refused" }, sequence: 1 });
});

test.each(["notification.failed", "subscription.failing"] as const)(
  "the failure of %s is not announced",
  (eventName) => {
    expect(givenUp(aNotification({ eventName }), noon)).not.toHaveProperty("laneAt");
  },
);
