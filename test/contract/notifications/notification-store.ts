import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Notification } from "../../../functions/core/notifications/notification.ts";
import type { NotificationStore } from "../../../functions/core/notifications/ports.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification } from "../../support/sample-audits.ts";

export interface OpenNotificationStore {
  notifications: NotificationStore;
  close: () => Promise<void>;
}

export function describeNotificationStoreContract(name: string, open: () => Promise<OpenNotificationStore>): void {
  describe(`NotificationStore: ${name}`, () => {
    let notifications: NotificationStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ notifications, close } = await open());
    });
    afterEach(() => close());

    const delivered = (changes: Partial<Notification> = {}) => aNotification({ status: "delivered", ...changes });

    test("a missing notification is not found", async () => {
      expect(await notifications.get(aNotification())).toBeUndefined();
    });

    test("a first record is read as it was written", async () => {
      const first = aNotification({ nextAttemptAt: noon + 5_000, laneAt: noon + 65_000 });
      expect(await notifications.put(first, undefined)).toBe("done");
      expect(await notifications.get(first)).toEqual(first);
    });

    test("a first record is stale if there is one", async () => {
      await notifications.put(delivered(), undefined);
      expect(await notifications.put(aNotification(), undefined)).toBe("stale");
      expect(await notifications.get(aNotification())).toEqual(delivered());
    });

    test("of concurrent first records exactly one is written", async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => notifications.put(aNotification(), undefined)),
      );
      expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
    });

    describe("a record over a notification as published", () => {
      const published = aNotification({ attemptCount: 0, attempts: [], laneAt: noon });
      const after = aNotification({ attemptCount: 1 });

      test("is written if nothing has happened to it", async () => {
        await notifications.put(published, undefined);
        expect(await notifications.put(after, published)).toBe("done");
        expect(await notifications.get(published)).toEqual(after);
      });

      test.each([
        ["was attempted", { attemptCount: 1 }],
        ["was deferred", { nextAttemptAt: noon }],
        ["was asked for again", { replayedAfter: 0 }],
        ["is held", { status: "held" as const }],
        ["has failed", { status: "delivery_failed" as const }],
      ])("is stale if it %s", async (_, changes) => {
        const stored = { ...published, ...changes };
        await notifications.put(stored, undefined);
        expect(await notifications.put(after, published)).toBe("stale");
        expect(await notifications.get(published)).toEqual(stored);
      });
    });

    test("a later record is written after the expected attempt", async () => {
      await notifications.put(aNotification({ attemptCount: 1 }), undefined);
      expect(await notifications.put(aNotification({ attemptCount: 2 }), aNotification())).toBe("done");
      expect(await notifications.put(aNotification({ attemptCount: 2 }), aNotification())).toBe("stale");
      expect(await notifications.get(aNotification())).toMatchObject({ attemptCount: 2 });
    });

    test("a later record is stale if there is none", async () => {
      expect(await notifications.put(aNotification({ attemptCount: 2 }), aNotification())).toBe("stale");
      expect(await notifications.get(aNotification())).toBeUndefined();
    });

    test.each(["delivered", "delivery_failed", "held"] as const)(
      "a %s one does not become pending again",
      async (status) => {
        await notifications.put(aNotification({ status, attemptCount: 1 }), undefined);
        expect(await notifications.put(aNotification({ attemptCount: 2 }), aNotification())).toBe("stale");
      },
    );

    test("one that was replayed since it was read is not overwritten", async () => {
      const again = aNotification({ replayedAfter: 1 });
      await notifications.put(again, undefined);
      const given = aNotification({ status: "delivery_failed", attemptCount: 2 });
      expect(await notifications.put(given, aNotification())).toBe("stale");
      expect(await notifications.put(given, aNotification({ replayedAfter: 0 }))).toBe("stale");
      expect(await notifications.put(given, again)).toBe("done");
      expect(await notifications.put(again, again)).toBe("stale");
    });

    test("a delivery is recorded over any earlier record", async () => {
      await notifications.put(aNotification({ laneAt: noon, nextAttemptAt: noon }), undefined);
      await notifications.putDelivered([delivered({ attemptCount: 2 })]);
      expect(await notifications.get(aNotification())).toEqual(delivered({ attemptCount: 2 }));
    });

    test("any number of deliveries are recorded together", async () => {
      const many = Array.from({ length: 60 }, (_, n) => delivered({ subscriptionId: `s-${n}` }));
      await notifications.putDelivered(many);
      expect(await notifications.listOfAudit(aNotification())).toHaveLength(60);
      await notifications.putDelivered([]);
    });

    test("new notifications are written together", async () => {
      const many = Array.from({ length: 60 }, (_, n) => aNotification({ subscriptionId: `s-${n}`, laneAt: noon }));
      await notifications.putNew(many);
      expect(await notifications.getAll(many)).toEqual(expect.arrayContaining(many));
      await notifications.putNew([]);
    });

    test("a duplicate in a batch is recorded once", async () => {
      await notifications.putDelivered([
        delivered(),
        delivered({ attemptCount: 2 }),
        delivered({ subscriptionId: "b" }),
      ]);
      expect(await notifications.listOfAudit(aNotification())).toHaveLength(2);
      expect(await notifications.get(aNotification())).toMatchObject({ attemptCount: 2 });
    });

    test("many are read together; missing ones are left out", async () => {
      const many = Array.from({ length: 130 }, (_, n) => delivered({ subscriptionId: `s#${n}` }));
      await notifications.putDelivered(many.slice(1));
      const found = await notifications.getAll(many);
      expect(found).toHaveLength(129);
      expect(found).toEqual(expect.arrayContaining(many.slice(1)));
      expect(await notifications.getAll([])).toEqual([]);
    });

    test("an audit's notifications are only its own", async () => {
      const own = [1, 2, 10].map((sequence) => delivered({ sequence }));
      await notifications.putDelivered([
        ...own,
        delivered({ organizationId: "other" }),
        delivered({ auditId: "another" }),
        delivered({ subscriptionId: "s#1%", sequence: 3 }),
      ]);
      const listed = await notifications.listOfAudit(aNotification());
      expect(listed).toHaveLength(4);
      expect(listed).toEqual(expect.arrayContaining(own));
    });
  });
}
