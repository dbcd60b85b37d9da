import { expect, test } from "@jest/globals";
import { replayNotification } from "../../../functions/core/replay-notification.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, openAudit } from "../../support/sample-audits.ts";

const event = { id: "evt_1", body: "{}" };
const failed = aNotification({ status: "delivery_failed" });

async function worldWith(notification = failed) {
  const world = fakeWorld();
  await world.audits.create(openAudit({ sequence: 1, events: { e1: { ...event, type: "audit.closed", at: noon } } }));
  await world.notifications.put(notification, undefined);
  return world;
}

test("it is sent with the event's own id and bytes, and the sweep has it in a minute if that is lost", async () => {
  const world = await worldWith();
  const replayed = await replayNotification(world)(failed);
  expect(replayed).toEqual({ ...failed, status: "pending", event, laneAt: noon + 60_000, replayedAfter: 1 });
  expect(await world.notifications.get(failed)).toEqual(replayed);
  expect(world.deliveries.sent).toMatchObject([{ eventId: "evt_1", body: "{}", attemptCount: 1, recorded: true }]);
});

test("one that is not there, or whose event is gone, is not sent", async () => {
  const world = await worldWith(aNotification({ sequence: 2 }));
  expect(await replayNotification(world)(failed)).toBeUndefined();
  expect(await replayNotification(world)(aNotification({ sequence: 2 }))).toBeUndefined();
  expect(world.deliveries.sent).toEqual([]);
});

test("one that stands otherwise than is asked for is left alone", async () => {
  const world = await worldWith();
  expect(await replayNotification(world)(failed, ({ status }) => status === "held")).toBeUndefined();
  expect(world.deliveries.sent).toEqual([]);
  expect(await replayNotification(world)(failed, ({ status }) => status !== "held")).toBeDefined();
});

test("where another was first, its record is given and nothing is sent", async () => {
  const world = await worldWith();
  const { put } = world.notifications;
  world.notifications.put = async (notification, seen) => {
    await put(aNotification({ status: "delivered", attemptCount: 2 }), failed);
    return put(notification, seen);
  };
  expect(await replayNotification(world)(failed)).toMatchObject({ status: "delivered", attemptCount: 2 });
  expect(world.deliveries.sent).toEqual([]);
});
