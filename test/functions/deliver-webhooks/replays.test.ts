import { expect, test } from "@jest/globals";
import { replayNotification } from "../../../functions/core/notifications/replay-notification.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, aSubscription } from "../../support/sample-audits.ts";
import { event, key, later, worldWith } from "./first-deliveries.ts";

test("a replay is sent to a disabled endpoint once, and held again if it fails", async () => {
  const { world, deliver } = await worldWith(aSubscription({ enabled: false }));
  await world.notifications.putNew([aNotification({ status: "held", laneAt: noon, event })]);
  world.sender.responses.push({ statusCode: 500 });
  await replayNotification(world)(key);
  const [asked] = world.deliveries.sent;
  if (asked === undefined) throw new Error("nothing was sent");
  expect(await deliver(asked)).toEqual({ result: "held" });
  const held = await world.notifications.get(key);
  expect(held).toMatchObject({ status: "held", attemptCount: 2 });
  expect(held).not.toHaveProperty("replayedAfter");
});

test("a replay during a failing last attempt is attempted again", async () => {
  const { world, deliver } = await worldWith(aSubscription());
  await world.notifications.putNew([aNotification({ attemptCount: 9, event })]);
  const send = world.sender.send;
  world.sender.send = async (...given) => {
    world.sender.send = send;
    expect(await replayNotification(world)(key)).toMatchObject({ status: "pending" });
    return send(...given);
  };
  world.sender.responses.push({ statusCode: 500 });
  await deliver({ ...later, attemptCount: 9 });
  const [asked] = world.deliveries.sent;
  if (asked === undefined) throw new Error("nothing was sent");
  expect(await deliver(asked)).toMatchObject({ result: "delivered" });
});

test("a replay restarts the schedule, and keeps the earlier attempts", async () => {
  const { world, deliver } = await worldWith(aSubscription());
  await world.notifications.putNew([aNotification({ status: "delivery_failed", attemptCount: 10, event })]);
  world.sender.responses.push({ statusCode: 500 });
  expect(await replayNotification(world)(key)).toMatchObject({ status: "pending", replayedAfter: 10 });
  const [asked] = world.deliveries.sent;
  if (asked === undefined) throw new Error("nothing was sent");
  expect(await deliver(asked)).toEqual({ result: "retry" });
  expect(world.deliveries.sent.at(-1)).toMatchObject({ attemptCount: 11, delaySeconds: 5 });
  expect(await deliver({ ...asked, attemptCount: 11 })).toMatchObject({
    result: "delivered",
    notification: { attemptCount: 12, attempts: [{ statusCode: 500 }, { statusCode: 500 }, { statusCode: 204 }] },
  });
});

test("a failed replay does not count against the endpoint, and its retries do", async () => {
  const { world, stored, deliver } = await worldWith(aSubscription());
  await world.notifications.putNew([aNotification({ status: "delivery_failed", attemptCount: 10, event })]);
  world.sender.responses.push({ statusCode: 500 }, { statusCode: 500 });
  await replayNotification(world)(key);
  const [asked] = world.deliveries.sent;
  if (asked === undefined) throw new Error("nothing was sent");
  await deliver(asked);
  expect(await stored()).not.toHaveProperty("failingSince");
  await deliver({ ...asked, attemptCount: 11 });
  expect(await stored()).toHaveProperty("failingSince");
});
