import { describe, expect, test } from "@jest/globals";
import { changeAudit } from "../../../../functions/core/audits/change-audit.ts";
import { eventName } from "../../../../functions/core/events/events.ts";
import { deliveryGraceMs } from "../../../../functions/core/publishing/notify-subscriptions.ts";
import { publishEvents } from "../../../../functions/core/publishing/publish-events.ts";
import { refusalOf } from "../../../../functions/core/publishing/send-to-owner.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeOwnerTarget } from "../../../support/fake-queues.ts";
import { aSubscription, openAudit } from "../../../support/sample-audits.ts";
import { closedAudit, worldWith } from "./closed-audit.ts";

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

  test("if the subscriptions cannot be read the feed gets it, once", async () => {
    const { world, stored } = await worldWith(closedAudit(), aSubscription());
    const { list } = world.subscriptions;
    world.subscriptions.list = broken;
    await expect(publishEvents(world)(closedAudit())).rejects.toThrow("it cannot be reached");
    expect(world.feed.entries).toHaveLength(1);
    expect(await stored()).toMatchObject({ outboxAt: later, events: { e1: { feedAt: noon } } });

    world.subscriptions.list = list;
    expect(await publishEvents(world)(await stored(), true)).toBe("published");
    expect(world.feed.entries).toHaveLength(1);
    expect(world.deliveries.sent).toHaveLength(1);
  });

  test("an entry of the feed that was not written is appended later, under its later time", async () => {
    const { world, stored } = await worldWith(closedAudit());
    const { putNew } = world.notifications;
    world.notifications.putNew = broken;
    await expect(publishEvents(world)(closedAudit())).rejects.toThrow("it cannot be reached");
    expect((await stored()).events.e1).not.toHaveProperty("feedAt");

    world.notifications.putNew = putNew;
    world.time.advance(60_000);
    expect(await publishEvents(world)(await stored(), true)).toBe("published");
    expect(world.feed.entries.map(({ entry }) => entry.at)).toEqual([noon + 60_000]);
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
    // The sweep announces that it was given up.
    expect(rows[0]).toHaveProperty("laneAt");
    expect((await stored()).outboxAt).toBeUndefined();
  });
});

describe.each([
  ["bus", "busAt", "busError"],
  ["topic", "topicAt", "topicError"],
] as const)("the owner's %s", (name, sentAt, refusedAs) => {
  async function worldWithTarget() {
    const { world, stored } = await worldWith(closedAudit(), aSubscription());
    const target = fakeOwnerTarget(name, eventName.options);
    return { world: { ...world, ownerTargets: [...world.ownerTargets, target] }, stored, target };
  }

  test("gets every event, once", async () => {
    const started = changeAudit(openAudit(), "start", {}, noon) ?? openAudit();
    const { world, stored } = await worldWith(started);
    const target = fakeOwnerTarget(name, eventName.options);
    const deps = { ...world, ownerTargets: [...world.ownerTargets, target] };
    expect(await publishEvents(deps)(started)).toBe("published");
    expect(await publishEvents(deps)(await stored())).toBe("published");
    expect(target.sent).toMatchObject([
      { organizationId: "org", subjectId: started.auditId, event: { type: "audit.in_progress" } },
    ]);
    expect((await stored()).events.e1).toMatchObject({ [sentAt]: noon });
  });

  test("blocks no other target while it fails, and is sent to again", async () => {
    const { world, stored, target } = await worldWithTarget();
    const { send } = target;
    target.send = broken;
    await expect(publishEvents(world)(closedAudit())).rejects.toThrow("it cannot be reached");
    expect(world.resolutions.sent).toHaveLength(1);
    expect(world.deliveries.sent).toHaveLength(1);
    const failed = await stored();
    expect(failed).toMatchObject({ events: { e1: { queuedAt: noon, notifiedAt: noon, feedAt: noon } } });
    expect(failed.outboxAt).toBeDefined();

    target.send = send;
    expect(await publishEvents(world)(failed, true)).toBe("published");
    expect(target.sent).toHaveLength(1);
    expect(world.resolutions.sent).toHaveLength(1);
    expect(world.deliveries.sent).toHaveLength(1);
  });

  test("gets it although another target fails", async () => {
    const { world, target } = await worldWithTarget();
    world.resolutions.send = broken;
    await expect(publishEvents(world)(closedAudit())).rejects.toThrow("it cannot be reached");
    expect(target.sent).toHaveLength(1);
  });

  test("refuses it permanently: this is stored, and the audit leaves the outbox", async () => {
    const { world, stored, target } = await worldWithTarget();
    target.refuses = "evt_";
    expect(await publishEvents(world)(closedAudit())).toBe("published");
    const { outboxAt, events } = await stored();
    expect(outboxAt).toBeUndefined();
    expect(events.e1).toMatchObject({ [refusedAs]: "InvalidMessageContents", publishedAt: noon, queuedAt: noon });
    expect(events.e1 && refusalOf(events.e1)).toBe(`${name}: InvalidMessageContents`);
  });
});
