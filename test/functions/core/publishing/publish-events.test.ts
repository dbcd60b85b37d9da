import { describe, expect, test } from "@jest/globals";
import type { Audit } from "../../../../functions/core/audits/audit.ts";
import { changeAudit } from "../../../../functions/core/audits/change-audit.ts";
import { deliveryGraceMs } from "../../../../functions/core/publishing/notify-subscriptions.ts";
import { publishEvents } from "../../../../functions/core/publishing/publish-events.ts";
import { sendDueDeliveries } from "../../../../functions/sweep-outbox/send-due-deliveries.ts";
import { sweepOutbox } from "../../../../functions/sweep-outbox/sweep-outbox.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aNotification, aSubscription, openAudit } from "../../../support/sample-audits.ts";
import { Crash, type CrashPlan, withCrash } from "../../../support/with-faults.ts";

const resolution = { resolutionCode: 5004, resolutionDescription: "done", resolutionTimeStamp: null };

function closedAudit(before: Audit = openAudit()): Audit {
  const closed = changeAudit(before, "close", { resolution }, noon);
  if (closed === undefined) throw new Error("it cannot be closed");
  return closed;
}

async function worldWith(audit: Audit, ...subscriptions: ReturnType<typeof aSubscription>[]) {
  const world = fakeWorld();
  await world.audits.create(audit);
  await world.issuers.add(audit.organizationId);
  for (const subscription of subscriptions) await world.subscriptions.create(subscription);
  const stored = async () => {
    const found = await world.audits.get(audit);
    if (found === undefined) throw new Error("the audit has vanished");
    return found;
  };
  return { world, stored };
}

const broken = () => Promise.reject(new Error("it cannot be reached"));

test("an audit without an outbox is already published", async () => {
  const { world } = await worldWith(openAudit(), aSubscription());
  expect(await publishEvents(world)(openAudit())).toBe("published");
  expect(world.deliveries.sent).toEqual([]);
});

test("without subscriptions only the owner's queue gets it", async () => {
  const { world, stored } = await worldWith(closedAudit());
  expect(await publishEvents(world)(closedAudit())).toBe("published");
  expect(world.resolutions.sent.map(({ event }) => event.type)).toEqual(["audit.closed"]);
  const audit = await stored();
  expect(audit.outboxAt).toBeUndefined();
  expect(audit.events.e1).toMatchObject({ queuedAt: noon, notifiedAt: noon, publishedAt: noon });
});

test("the owner's queue gets only resolutions", async () => {
  const started = changeAudit(openAudit(), "start", {}, noon) ?? openAudit();
  const { world } = await worldWith(started);
  expect(await publishEvents(world)(started)).toBe("published");
  expect(world.resolutions.sent).toEqual([]);
});

test("every matching subscription gets a row in lane DELIVER and a first message", async () => {
  const { world, stored } = await worldWith(closedAudit(), aSubscription(), aSubscription({ subscriptionId: "s-2" }));
  expect(await publishEvents(world)(closedAudit())).toBe("published");
  const event = closedAudit().events.e1;
  const { organizationId, auditId } = openAudit();
  const key = { organizationId, auditId, sequence: 1 };
  expect(world.deliveries.sent).toEqual(
    ["s-2", "subscription-1"].map((subscriptionId) => ({
      ...{ ...key, subscriptionId, attemptCount: 0, createdAt: noon },
      ...{ eventId: event?.id, eventName: "audit.closed", body: event?.body, delaySeconds: 0 },
    })),
  );
  expect(await world.notifications.listOfAudit(openAudit())).toEqual(
    ["s-2", "subscription-1"].map((subscriptionId) => ({
      ...{ ...key, subscriptionId, eventName: "audit.closed", status: "pending", attemptCount: 0, attempts: [] },
      ...{ createdAt: noon, laneAt: noon + deliveryGraceMs },
    })),
  );
  expect((await stored()).outboxAt).toBeUndefined();
});

test.each([
  ["one of another issuer", aSubscription({ organizationId: "other" })],
  ["one that requests for other events", aSubscription({ eventNames: ["audit.overdue"] })],
  ["one that was made after the event", aSubscription({ createdAt: noon + 1 })],
])("%s does not get it", async (_, subscription) => {
  const { world } = await worldWith(closedAudit(), subscription);
  expect(await publishEvents(world)(closedAudit())).toBe("published");
  expect(world.deliveries.sent).toEqual([]);
  expect(world.state.notifications.size).toBe(0);
});

test("a disabled subscription's notification is held with its event", async () => {
  const { world, stored } = await worldWith(closedAudit(), aSubscription({ enabled: false }));
  expect(await publishEvents(world)(closedAudit())).toBe("published");
  expect(world.deliveries.sent).toEqual([]);
  const { id, body } = closedAudit().events.e1 ?? {};
  expect(await world.notifications.listOfAudit(openAudit())).toMatchObject([
    { status: "held", attemptCount: 0, sequence: 1, event: { id, body } },
  ]);
  expect((await stored()).outboxAt).toBeUndefined();
});

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

describe("the targets do not wait for each other", () => {
  const later = noon + 50_000;

  test("if the owner's queue fails the webhooks are sent, and only the queue is retried", async () => {
    const { world, stored } = await worldWith(closedAudit(), aSubscription());
    const { send } = world.resolutions;
    world.resolutions.send = broken;
    await expect(publishEvents(world)(closedAudit())).rejects.toThrow("it cannot be reached");
    expect(world.deliveries.sent).toHaveLength(1);
    const failed = await stored();
    expect(failed).toMatchObject({ outboxAt: later, events: { e1: { notifiedAt: noon } } });
    expect(failed.events.e1).not.toHaveProperty("publishedAt");

    world.resolutions.send = send;
    expect(await publishEvents(world)(failed, true)).toBe("published");
    expect(world.resolutions.sent).toHaveLength(1);
    expect(world.deliveries.sent).toHaveLength(1);
  });

  test("if the webhooks fail the owner's queue gets it, once", async () => {
    const { world, stored } = await worldWith(closedAudit(), aSubscription());
    const { putNew } = world.notifications;
    world.notifications.putNew = broken;
    await expect(publishEvents(world)(closedAudit())).rejects.toThrow("it cannot be reached");
    expect(await stored()).toMatchObject({ outboxAt: later, events: { e1: { queuedAt: noon } } });

    world.notifications.putNew = putNew;
    expect(await publishEvents(world)(await stored(), true)).toBe("published");
    expect(world.resolutions.sent).toHaveLength(1);
    expect(world.deliveries.sent).toHaveLength(1);
  });

  test("a permanent refusal by the owner's queue is stored on the event, and the audit leaves the outbox", async () => {
    const { world, stored } = await worldWith(closedAudit(), aSubscription());
    world.resolutions.refuses = "evt_";
    expect(await publishEvents(world)(closedAudit())).toBe("published");
    const audit = await stored();
    expect(audit.outboxAt).toBeUndefined();
    expect(audit.events.e1).toMatchObject({ publishError: "InvalidMessageContents", publishedAt: noon });
    expect(audit.events.e1).not.toHaveProperty("queuedAt");
    expect(world.deliveries.sent).toHaveLength(1);
  });

  test("a permanent refusal by the deliveries queue fails the notification, and the owner's queue gets it", async () => {
    const { world, stored } = await worldWith(closedAudit(), aSubscription());
    world.deliveries.refuses = "evt_";
    expect(await publishEvents(world)(closedAudit())).toBe("published");
    expect(world.resolutions.sent).toHaveLength(1);
    const rows = await world.notifications.listOfAudit(openAudit());
    expect(rows).toMatchObject([{ status: "delivery_failed", failure: "queue-refused", attemptCount: 0 }]);
    expect(rows[0]).not.toHaveProperty("laneAt");
    expect((await stored()).outboxAt).toBeUndefined();
  });
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
    const { audits, notifications, resolutions, deliveries, subscriptions: store } = world;
    return {
      clock: world.clock,
      audits: withCrash(audits, plan),
      notifications: withCrash(notifications, plan),
      resolutions: withCrash(resolutions, plan),
      deliveries: withCrash(deliveries, plan),
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
      expect((await stored()).outboxAt).toBeUndefined();
      const rows = await world.notifications.listOfAudit(openAudit());
      expect(rows.map(({ status }) => status).sort()).toEqual(["held", "pending"]);
    }
  });
});
