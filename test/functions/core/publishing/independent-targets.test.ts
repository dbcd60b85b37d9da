import { describe, expect, test } from "@jest/globals";
import { publishEvents } from "../../../../functions/core/publishing/publish-events.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aSubscription, openAudit } from "../../../support/sample-audits.ts";
import { broken, closedAudit, worldWith } from "./closed-audit.ts";

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
