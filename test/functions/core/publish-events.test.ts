import { describe, expect, test } from "@jest/globals";
import type { Audit } from "../../../functions/core/audit.ts";
import { changeAudit } from "../../../functions/core/change-audit.ts";
import { deliveryGraceMs, publishEvents } from "../../../functions/core/publish-events.ts";
import { sweepOutbox } from "../../../functions/sweep-outbox/sweep-outbox.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, aSubscription, openAudit } from "../../support/sample-audits.ts";
import { Crash, type CrashPlan, withCrash } from "../../support/with-faults.ts";

const resolution = { resolutionCode: 5004, resolutionDescription: "done", resolutionTimeStamp: null };

function closedAudit(before: Audit = openAudit()): Audit {
  const closed = changeAudit(before, "close", { resolution }, noon);
  if (closed === undefined) throw new Error("it cannot be closed");
  return closed;
}

async function worldWith(audit: Audit, ...subscriptions: ReturnType<typeof aSubscription>[]) {
  const world = fakeWorld();
  await world.audits.create(audit);
  for (const subscription of subscriptions) await world.subscriptions.create(subscription);
  const stored = async () => {
    const found = await world.audits.get(audit);
    if (found === undefined) throw new Error("the audit has vanished");
    return found;
  };
  return { world, stored };
}

test("an audit without an outbox is settled and nobody is told", async () => {
  const { world } = await worldWith(openAudit(), aSubscription());
  expect(await publishEvents(world)(openAudit())).toBe("settled");
  expect(world.deliveries.sent).toEqual([]);
});

test("without subscriptions the owner's queue has it and the outbox is left at once", async () => {
  const { world, stored } = await worldWith(closedAudit());
  expect(await publishEvents(world)(closedAudit())).toBe("settled");
  expect(world.resolutions.sent.map(({ event }) => event.type)).toEqual(["audit.closed"]);
  const audit = await stored();
  expect(audit.outboxAt).toBeUndefined();
  expect(audit.events.e1?.publishedAt).toBe(noon);
});

test("the owner's queue has resolutions and nothing else", async () => {
  const started = changeAudit(openAudit(), "start", {}, noon) ?? openAudit();
  const { world } = await worldWith(started);
  expect(await publishEvents(world)(started)).toBe("settled");
  expect(world.resolutions.sent).toEqual([]);
});

test("every owed subscription gets the event's exact bytes, and the outbox waits for their records", async () => {
  const { world, stored } = await worldWith(closedAudit(), aSubscription(), aSubscription({ subscriptionId: "s-2" }));
  expect(await publishEvents(world)(closedAudit())).toBe("waiting");
  const event = closedAudit().events.e1;
  expect(world.deliveries.sent).toEqual(
    ["s-2", "subscription-1"].map((subscriptionId) => ({
      organizationId: "org",
      auditId: openAudit().auditId,
      sequence: 1,
      subscriptionId,
      attemptCount: 0,
      eventId: event?.id,
      eventName: "audit.closed",
      eventAt: noon,
      body: event?.body,
      delaySeconds: 0,
    })),
  );
  expect((await stored()).outboxAt).toBe(noon + deliveryGraceMs);
});

test.each([
  ["one of another issuer", aSubscription({ organizationId: "other" })],
  ["one that asked for other events", aSubscription({ eventNames: ["audit.overdue"] })],
  ["one that was made after the event", aSubscription({ createdAt: noon + 1 })],
])("%s is not owed it", async (_, subscription) => {
  const { world } = await worldWith(closedAudit(), subscription);
  expect(await publishEvents(world)(closedAudit())).toBe("settled");
  expect(world.deliveries.sent).toEqual([]);
});

test("a disabled subscription is held, on record, and keeps the outbox no longer", async () => {
  const { world } = await worldWith(closedAudit(), aSubscription({ enabled: false }));
  expect(await publishEvents(world)(closedAudit())).toBe("settled");
  expect(world.deliveries.sent).toEqual([]);
  expect(await world.notifications.listOfAudit(openAudit())).toMatchObject([
    { status: "held", attemptCount: 0, sequence: 1 },
  ]);
});

test("what is held for a subscription that is deleted meanwhile is given up", async () => {
  const { world } = await worldWith(closedAudit(), aSubscription({ enabled: false }));
  const { put } = world.notifications;
  world.notifications.put = async (...given) => {
    world.state.subscriptions.clear();
    return put(...given);
  };
  await publishEvents(world)(closedAudit());
  expect(await world.notifications.listOfAudit(openAudit())).toMatchObject([{ status: "delivery_failed" }]);
});

test("a record that is there is never turned into a held one", async () => {
  const { world } = await worldWith(closedAudit(), aSubscription({ enabled: false }));
  await world.notifications.putDelivered([aNotification({ status: "delivered" })]);
  await publishEvents(world)(closedAudit());
  expect(await world.notifications.listOfAudit(openAudit())).toMatchObject([{ status: "delivered" }]);
});

test("a second round sends only to whom no record shows an outcome", async () => {
  const { world, stored } = await worldWith(closedAudit(), aSubscription(), aSubscription({ subscriptionId: "s-2" }));
  await publishEvents(world)(closedAudit());
  world.deliveries.sent.length = 0;
  await world.notifications.put(aNotification({ status: "pending" }), undefined);
  expect(await publishEvents(world)(await stored())).toBe("waiting");
  expect(world.deliveries.sent).toMatchObject([{ subscriptionId: "s-2", sentBefore: true }]);
  expect(world.resolutions.sent).toHaveLength(1);
});

test("a second round with all records in place leaves the outbox", async () => {
  const { world, stored } = await worldWith(closedAudit(), aSubscription());
  await publishEvents(world)(closedAudit());
  await world.notifications.putDelivered([aNotification({ status: "delivered" })]);
  expect(await publishEvents(world)(await stored())).toBe("settled");
  expect((await stored()).outboxAt).toBeUndefined();
});

test("a subscription that was deleted meanwhile is owed nothing more", async () => {
  const { world, stored } = await worldWith(closedAudit(), aSubscription());
  await publishEvents(world)(closedAudit());
  world.state.subscriptions.clear();
  expect(await publishEvents(world)(await stored())).toBe("settled");
});

test("a second event is published alone while the first still waits for its record", async () => {
  const started = changeAudit(openAudit(), "start", {}, noon) ?? openAudit();
  const both = aSubscription({ eventNames: ["audit.in_progress", "audit.closed"] });
  const { world, stored } = await worldWith(started, both);
  await publishEvents(world)(started);
  await world.notifications.putDelivered([aNotification({ status: "delivered", sequence: 1 })]);
  const published = await stored();
  const closed = closedAudit(published);
  await world.audits.update(published, closed, []);
  world.deliveries.sent.length = 0;
  expect(await publishEvents(world)(closed)).toBe("waiting");
  expect(world.deliveries.sent.map(({ sequence }) => sequence)).toEqual([2]);
});

test("an audit that has moved on is stale and keeps its outbox and its new event", async () => {
  const started = changeAudit(openAudit(), "start", {}, noon) ?? openAudit();
  const { world, stored } = await worldWith(started);
  const closed = closedAudit(started);
  await world.audits.update(started, closed, []);
  expect(await publishEvents(world)(started)).toBe("stale");
  expect(await stored()).toEqual(closed);
});

test("two publishers at once both tell everyone and one of them clears the outbox", async () => {
  const { world, stored } = await worldWith(closedAudit());
  const results = await Promise.all([publishEvents(world)(closedAudit()), publishEvents(world)(closedAudit())]);
  expect(results.sort()).toEqual(["settled", "stale"]);
  expect(world.resolutions.sent.map(({ event }) => event.body)).toEqual(
    Array(world.resolutions.sent.length).fill(closedAudit().events.e1?.body),
  );
  expect((await stored()).outboxAt).toBeUndefined();
});

describe("a crash anywhere is healed by the sweep", () => {
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
    expect(calls).toBeGreaterThanOrEqual(5);
    for (let at = 1; at <= calls; at++) {
      const { world, stored } = await worldWith(closedAudit(), ...subscriptions);
      const run = publishEvents(crashing(world, { calls: 0, at, when }))(closedAudit());
      await expect(run).rejects.toBeInstanceOf(Crash);

      world.time.advance(deliveryGraceMs + 60_000);
      await sweepOutbox(world)(Number.POSITIVE_INFINITY);
      expect(world.resolutions.sent.length).toBeGreaterThan(0);
      expect(new Set(world.resolutions.sent.map(({ event }) => event.body)).size).toBe(1);
      expect(new Set(world.deliveries.sent.map(({ subscriptionId }) => subscriptionId))).toEqual(
        new Set(["subscription-1"]),
      );

      await world.notifications.putDelivered([aNotification({ status: "delivered" })]);
      world.time.advance(deliveryGraceMs + 60_000);
      await sweepOutbox(world)(Number.POSITIVE_INFINITY);
      expect((await stored()).outboxAt).toBeUndefined();
      const records = await world.notifications.listOfAudit(openAudit());
      expect(records.map(({ status }) => status).sort()).toEqual(["delivered", "held"]);
    }
  });
});

test("an event of which everyone had a record is not sent again when that record is forgotten", async () => {
  const started = changeAudit(openAudit(), "start", {}, noon) ?? openAudit();
  const both = aSubscription({ eventNames: ["audit.in_progress", "audit.closed"] });
  const { world, stored } = await worldWith(started, both);
  await publishEvents(world)(started);
  await world.notifications.putDelivered([aNotification({ status: "delivered", sequence: 1 })]);
  expect(await publishEvents(world)(await stored())).toBe("settled");
  world.state.notifications.clear();
  const told = await stored();
  const closed = closedAudit(told);
  await world.audits.update(told, closed, []);
  world.deliveries.sent.length = 0;
  expect(await publishEvents(world)(closed, true)).toBe("waiting");
  expect(world.deliveries.sent.map(({ sequence }) => sequence)).toEqual([2]);
});
