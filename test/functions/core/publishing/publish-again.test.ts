import { describe, expect, test } from "@jest/globals";
import { changeAudit } from "../../../../functions/core/audits/change-audit.ts";
import { deliveryGraceMs } from "../../../../functions/core/publishing/notify-subscriptions.ts";
import { publishEvents } from "../../../../functions/core/publishing/publish-events.ts";
import { sendDueDeliveries } from "../../../../functions/sweep-outbox/send-due-deliveries.ts";
import { sweepOutbox } from "../../../../functions/sweep-outbox/sweep-outbox.ts";
import { noon } from "../../../support/fake-clock.ts";
import type { fakeWorld } from "../../../support/fake-world.ts";
import { aNotification, aSubscription, openAudit } from "../../../support/sample-audits.ts";
import { Crash, type CrashPlan, withCrash } from "../../../support/with-faults.ts";
import { closedAudit, worldWith } from "./closed-audit.ts";

describe("publishing again", () => {
  const both = [aSubscription(), aSubscription({ subscriptionId: "s-2" })];

  test("keeps rows that have changed, and sends those that have not", async () => {
    const { world } = await worldWith(closedAudit(), ...both);
    await publishEvents(world)(closedAudit());
    const delivered = aNotification({ status: "delivered" });
    await world.notifications.putDelivered([delivered]);
    world.deliveries.sent.length = 0;
    await publishEvents(world)(closedAudit(), true);
    expect(await world.notifications.get(delivered)).toEqual(delivered);
    expect(world.deliveries.sent).toMatchObject([{ subscriptionId: "s-2" }]);
    // Its row is read this time, because the first message may have had an outcome.
    expect(world.deliveries.sent[0]).not.toHaveProperty("createdAt");
  });

  test.each([
    ["failed", aNotification({ attemptCount: 1 })],
    ["was put off", aNotification({ attemptCount: 0, attempts: [], nextAttemptAt: noon + 1, laneAt: noon + 2 })],
    ["was requests for again", aNotification({ attemptCount: 0, attempts: [], replayedAfter: 0, laneAt: noon + 2 })],
    ["is held", aNotification({ status: "held", laneAt: noon })],
  ])("neither changes nor sends one that %s", async (_, moved) => {
    const { world } = await worldWith(closedAudit(), aSubscription());
    await world.notifications.put(moved, undefined);
    await publishEvents(world)(closedAudit(), true);
    expect(await world.notifications.get(moved)).toEqual(moved);
    expect(world.deliveries.sent).toEqual([]);
  });

  test("writes missing rows", async () => {
    const { world } = await worldWith(closedAudit(), ...both, aSubscription({ subscriptionId: "s-3", enabled: false }));
    await world.notifications.put(aNotification({ status: "delivered" }), undefined);
    await publishEvents(world)(closedAudit(), true);
    const rows = await world.notifications.listOfAudit(openAudit());
    expect(rows.map(({ subscriptionId, status }) => `${subscriptionId} ${status}`)).toEqual([
      "s-2 pending",
      "s-3 held",
      "subscription-1 delivered",
    ]);
  });

  test("reads first if the change is older: the sweep may have run", async () => {
    const { world } = await worldWith(closedAudit(), aSubscription());
    const delivered = aNotification({ status: "delivered" });
    await world.notifications.put(delivered, undefined);
    world.time.advance(20_000);
    await publishEvents(world)(closedAudit());
    expect(await world.notifications.get(delivered)).toEqual(delivered);
  });

  test("reads first if an earlier event is unpublished, too", async () => {
    const started = changeAudit(openAudit(), "start", {}, noon) ?? openAudit();
    const names = aSubscription({ eventNames: ["audit.in_progress", "audit.closed"] });
    const { world } = await worldWith(closedAudit(started), names);
    const delivered = aNotification({ status: "delivered", sequence: 1 });
    await world.notifications.put(delivered, undefined);
    await publishEvents(world)(closedAudit(started));
    expect(await world.notifications.get(delivered)).toEqual(delivered);
    expect(world.deliveries.sent.map(({ sequence }) => sequence)).toEqual([2]);
  });
});

test("a published event is not published again with the next one", async () => {
  const started = changeAudit(openAudit(), "start", {}, noon) ?? openAudit();
  const both = aSubscription({ eventNames: ["audit.in_progress", "audit.closed"] });
  const { world, stored } = await worldWith(started, both);
  await publishEvents(world)(started);
  // Its row may have expired.
  world.state.notifications.clear();
  const published = await stored();
  const closed = closedAudit(published);
  await world.audits.update(published, closed, []);
  world.deliveries.sent.length = 0;
  expect(await publishEvents(world)(closed, true)).toBe("published");
  expect(world.deliveries.sent.map(({ sequence }) => sequence)).toEqual([2]);
});

test("an audit that has changed is stale and keeps its outbox and its new event", async () => {
  const started = changeAudit(openAudit(), "start", {}, noon) ?? openAudit();
  const { world, stored } = await worldWith(started);
  const closed = closedAudit(started);
  await world.audits.update(started, closed, []);
  expect(await publishEvents(world)(started)).toBe("stale");
  expect(await stored()).toEqual(closed);
});

describe("the sweep repairs a crash", () => {
  const subscriptions = [aSubscription(), aSubscription({ subscriptionId: "off", enabled: false })];

  async function callsOfOneRun(): Promise<number> {
    const { world } = await worldWith(closedAudit(), ...subscriptions);
    const plan: CrashPlan = { calls: 0, at: 0, when: "before" };
    await publishEvents(crashing(world, plan))(closedAudit());
    return plan.calls;
  }

  function crashing(world: ReturnType<typeof fakeWorld>, plan: CrashPlan) {
    const { audits, notifications, ownerTargets, deliveries, feed, subscriptions: store } = world;
    return {
      clock: world.clock,
      audits: withCrash(audits, plan),
      notifications: withCrash(notifications, plan),
      ownerTargets: ownerTargets.map((target) => withCrash(target, plan)),
      deliveries: withCrash(deliveries, plan),
      feed: withCrash(feed, plan),
      subscriptions: withCrash(store, plan),
    };
  }

  test.each(["before", "after"] as const)("%s any of its steps", async (when) => {
    const calls = await callsOfOneRun();
    expect(calls).toBe(5);
    for (let at = 1; at <= calls; at++) {
      const { world, stored } = await worldWith(closedAudit(), ...subscriptions);
      const run = publishEvents(crashing(world, { calls: 0, at, when }))(closedAudit());
      await expect(run).rejects.toBeInstanceOf(Crash);

      world.time.advance(deliveryGraceMs);
      await sweepOutbox(world)(Number.POSITIVE_INFINITY);
      await sendDueDeliveries(world)(Number.POSITIVE_INFINITY);
      expect(world.resolutions.sent.length).toBeGreaterThan(0);
      expect(new Set(world.resolutions.sent.map(({ event }) => event.body)).size).toBe(1);
      expect(new Set(world.deliveries.sent.map(({ subscriptionId }) => subscriptionId))).toEqual(
        new Set(["subscription-1"]),
      );
      expect(new Set(world.feed.entries.map(({ entry }) => entry.eventId)).size).toBe(1);
      expect((await stored()).outboxAt).toBeUndefined();
      const rows = await world.notifications.listOfAudit(openAudit());
      expect(rows.map(({ status }) => status).sort()).toEqual(["held", "pending"]);
    }
  });
});
