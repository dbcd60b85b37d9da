import { expect, test } from "@jest/globals";
import type { Notification } from "../../../../functions/core/notifications/notification.ts";
import { replayAll, replayNotification } from "../../../../functions/core/notifications/replay-notification.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aNotification, openAudit } from "../../../support/sample-audits.ts";

const event = { id: "evt_1", body: "{}" };
const failed = aNotification({ status: "delivery_failed" });

async function worldWith(notification = failed) {
  const world = fakeWorld();
  await world.audits.create(openAudit({ sequence: 1, events: { e1: { ...event, type: "audit.closed", at: noon } } }));
  await world.notifications.put(notification, undefined);
  return world;
}

test("it is sent with the event's own id and bytes, and the sweep sends it after a minute if that is lost", async () => {
  const world = await worldWith();
  const replayed = await replayNotification(world)(failed);
  expect(replayed).toEqual({ ...failed, status: "pending", event, laneAt: noon + 60_000, replayedAfter: 1 });
  expect(await world.notifications.get(failed)).toEqual(replayed);
  expect(world.deliveries.sent).toMatchObject([{ eventId: "evt_1", body: "{}", attemptCount: 1 }]);
});

test("a missing one, or one whose event is gone, is not sent", async () => {
  const world = await worldWith(aNotification({ sequence: 2 }));
  expect(await replayNotification(world)(failed)).toBeUndefined();
  expect(await replayNotification(world)(aNotification({ sequence: 2 }))).toBe("no-event");
  expect(world.deliveries.sent).toEqual([]);
});

const nothing = { result: [], failures: [], unsent: [], withoutEvent: 0 };

test("one with another status is left alone", async () => {
  const world = await worldWith();
  expect(await replayAll(world)([failed], ({ status }) => status === "held")).toEqual(nothing);
  expect(world.deliveries.sent).toEqual([]);
  expect((await replayAll(world)([failed], ({ status }) => status !== "held")).result).toHaveLength(1);
});

/** A world in which another writer writes this just before a replay's first write. */
async function worldOvertakenBy(other: Notification) {
  const world = await worldWith();
  const { put } = world.notifications;
  world.notifications.put = async (notification, seen) => {
    world.notifications.put = put;
    await put(other, failed);
    return put(notification, seen);
  };
  return world;
}

test("if another replay was first, its record is returned and nothing is sent", async () => {
  const first = aNotification({ status: "pending", attemptCount: 2, replayedAfter: 2 });
  const world = await worldOvertakenBy(first);
  expect(await replayNotification(world)(failed)).toEqual(first);
  expect(world.deliveries.sent).toEqual([]);
});

test("if its first message was postponed, it is replayed all the same", async () => {
  const world = await worldOvertakenBy(aNotification({ attemptCount: 0, attempts: [], event }));
  expect(await replayNotification(world)(failed)).toMatchObject({ status: "pending", replayedAfter: 0 });
  expect(world.deliveries.sent).toHaveLength(1);
});

test("if an attempt finished first, it is replayed all the same", async () => {
  const world = await worldOvertakenBy(aNotification({ status: "delivery_failed", attemptCount: 10, event }));
  expect(await replayNotification(world)(failed)).toMatchObject({ status: "pending", replayedAfter: 10 });
  expect(world.deliveries.sent).toMatchObject([{ attemptCount: 10 }]);
});

test("if an attempt finished first, one that no longer matches is left alone", async () => {
  const world = await worldOvertakenBy(aNotification({ status: "delivered", attemptCount: 2 }));
  const isMeant = ({ status }: Notification) => status === "delivery_failed";
  expect(await replayAll(world)([failed], isMeant)).toEqual(nothing);
  expect(world.deliveries.sent).toEqual([]);
});

test("many are sent ten per call, and errors are separate", async () => {
  const world = await worldWith();
  const all = Array.from({ length: 25 }, (_, n) => aNotification({ subscriptionId: `s-${n}`, status: "held", event }));
  for (const each of all) await world.notifications.put(each, undefined);
  const { put } = world.notifications;
  world.notifications.put = async (notification, seen) => {
    if (notification.subscriptionId === "s-3") throw new Error("throttled");
    return put(notification, seen);
  };
  const { result, failures } = await replayAll(world)(all, () => true);
  expect(result).toHaveLength(24);
  expect(failures).toEqual([new Error("throttled")]);
  expect(world.deliveries.sent).toHaveLength(24);
  expect(world.deliveries.calls).toBe(3);
  expect(await world.notifications.get(aNotification({ subscriptionId: "s-3" }))).toMatchObject({ status: "held" });
});

test("if the messages cannot be sent, the error is reported, and the sweep sends the pending ones", async () => {
  const world = await worldWith();
  const error = new Error("SQS cannot be reached");
  world.deliveries.send = async () => {
    throw error;
  };
  expect(await replayNotification(world)(failed)).toMatchObject({ status: "pending" });
  expect(world.errors).toEqual([error]);
  expect(await world.notifications.get(failed)).toMatchObject({ status: "pending", laneAt: noon + 60_000 });
});
