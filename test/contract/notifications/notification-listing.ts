import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Notification } from "../../../functions/core/notifications/notification.ts";
import type {
  HeldNotifications,
  NotificationFilter,
  NotificationListing,
  NotificationStates,
  NotificationStore,
} from "../../../functions/core/notifications/ports.ts";
import type { PagePosition } from "../../../functions/core/shared/ports.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification } from "../../support/sample-audits.ts";

export interface OpenNotificationListing {
  notifications: NotificationStore;
  notificationListing: NotificationListing;
  notificationStates: NotificationStates;
  heldNotifications: HeldNotifications;
  close: () => Promise<void>;
}

const at = (minutes: number, changes: Partial<Notification> = {}) =>
  aNotification({ auditId: `audit-${minutes}`, createdAt: noon + minutes, ...changes });

export function describeNotificationListingContract(name: string, open: () => Promise<OpenNotificationListing>): void {
  let opened: OpenNotificationListing;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened.close());
  const putAll = async (...rows: Notification[]) => {
    for (const row of rows) await opened.notifications.put(row, undefined);
  };

  describe(`NotificationStates: ${name}`, () => {
    test("a subscription's notifications are read with their states, newest first", async () => {
      await putAll(
        at(1),
        at(3, { status: "held" }),
        at(2),
        at(4, { subscriptionId: "s2" }),
        at(5, { organizationId: "org2" }),
      );
      const { organizationId, subscriptionId, sequence } = at(1);
      const state = (minutes: number, status: Notification["status"]) => ({
        ...{ organizationId, subscriptionId, sequence, status },
        ...{ auditId: `audit-${minutes}`, createdAt: noon + minutes },
      });
      const read = (filter: Parameters<NotificationStates["read"]>[1]) => opened.notificationStates.read(at(1), filter);
      const [pending, held] = [at(1).status, "held" as const];
      expect(await read({ since: 0 })).toEqual({
        states: [state(3, held), state(2, pending), state(1, pending)],
        isComplete: true,
      });
      expect(await read({ since: noon + 2, statuses: [pending] })).toEqual({
        states: [state(2, pending)],
        isComplete: true,
      });
    });
  });

  describe(`NotificationListing: ${name}`, () => {
    const listed = async (filter: NotificationFilter, size = 10) =>
      (await opened.notificationListing.list("org", filter, size)).items.map(({ auditId }) => auditId);

    test("an issuer's own notifications are listed in full, newest first", async () => {
      await putAll(
        at(1),
        at(3),
        at(2),
        at(4, { organizationId: "org2" }),
        at(5, { organizationId: "org#NOTIFICATIONS" }),
      );
      expect(await opened.notificationListing.list("org", {}, 10)).toEqual({
        items: [at(3), at(2), at(1)],
        next: undefined,
      });
    });

    test("a list is filtered by statuses, subscription and time range", async () => {
      await putAll(
        at(1),
        at(2, { status: "held" }),
        at(3, { status: "delivery_failed" }),
        at(4, { subscriptionId: "s2" }),
      );
      expect(await listed({ statuses: ["held", "delivery_failed"] })).toEqual(["audit-3", "audit-2"]);
      expect(await listed({ subscriptionIds: ["s2"] })).toEqual(["audit-4"]);
      expect(await listed({ subscriptionIds: ["s2", "subscription-1"], since: noon + 3 })).toEqual([
        "audit-4",
        "audit-3",
      ]);
      expect(await listed({ since: noon + 2, before: noon + 4 })).toEqual(["audit-3", "audit-2"]);
      expect(await listed({ since: noon + 4, before: noon + 1 })).toEqual([]);
    });

    test("a notification is listed by its current status", async () => {
      await putAll(at(1));
      await opened.notifications.putDelivered([at(1, { status: "delivered" })]);
      expect(await listed({ statuses: ["pending"] })).toEqual([]);
      expect(await listed({ statuses: ["delivered"] })).toEqual(["audit-1"]);
    });

    test("the pages have every notification once, even with equal times", async () => {
      const rows = Array.from({ length: 11 }, (_, n) =>
        at(Math.floor(n / 4), { sequence: n + 1, subscriptionId: `s#${n}` }),
      );
      await putAll(...rows);
      const found: Notification[] = [];
      let from: PagePosition | undefined;
      do {
        const page = await opened.notificationListing.list("org", {}, 3, from);
        found.push(...page.items);
        from = page.next;
      } while (from !== undefined);
      expect(new Set(found.map(({ sequence }) => sequence)).size).toBe(11);
      expect(found).toHaveLength(11);
      expect(found).toEqual(found.toSorted((a, b) => b.createdAt - a.createdAt));
    });

    test("a page of any size is read", async () => {
      await opened.notifications.putDelivered(Array.from({ length: 130 }, (_, n) => at(n, { status: "delivered" })));
      expect(await listed({}, 120)).toHaveLength(120);
    });
  });

  describe(`HeldNotifications: ${name}`, () => {
    const of = { organizationId: "org", subscriptionId: "subscription-1" };
    const held = (minutes: number, changes: Partial<Notification> = {}) =>
      at(minutes, { status: "held", laneAt: noon + minutes, ...changes });

    test("a subscription's held notifications are listed, oldest first", async () => {
      await putAll(held(2), held(1), held(3), at(4, { laneAt: noon }), held(5, { subscriptionId: "s2" }));
      await putAll(held(6, { organizationId: "org2" }));
      const idsOf = ({ rows }: { rows: { auditId: string }[] }) => rows.map(({ auditId }) => auditId);
      const { heldNotifications } = opened;
      expect(idsOf(await heldNotifications.list(of, 10))).toEqual(["audit-1", "audit-2", "audit-3"]);
      const page = await heldNotifications.list(of, 2);
      expect(idsOf(page)).toEqual(["audit-1", "audit-2"]);
      expect(idsOf(await heldNotifications.list(of, 2, page.next))).toEqual(["audit-3"]);
      expect(await heldNotifications.count(of, 10)).toBe(3);
      expect(await heldNotifications.count(of, 2)).toBe(2);
      expect(await heldNotifications.count({ ...of, subscriptionId: "none" }, 10)).toBe(0);
    });

    test("a replayed notification is not listed", async () => {
      await putAll(held(1));
      expect(await opened.notifications.put(at(1, { laneAt: noon }), held(1))).toBe("done");
      expect((await opened.heldNotifications.list(of, 10)).rows).toEqual([]);
    });

    test("a notification that has changed meanwhile is not replayed", async () => {
      await putAll(held(1));
      await opened.notifications.putDelivered([at(1, { status: "delivered" })]);
      expect(await opened.notifications.put(at(1, { laneAt: noon }), held(1))).toBe("stale");
    });
  });
}
