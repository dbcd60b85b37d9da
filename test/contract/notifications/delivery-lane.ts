import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AuditStore } from "../../../functions/core/audits/ports.ts";
import type { DeliveryLane, NotificationStore } from "../../../functions/core/notifications/ports.ts";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import type { AuditLanes } from "../../../functions/core/tracking/ports.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, openAudit } from "../../support/sample-audits.ts";

export interface OpenDeliveryLane {
  audits: AuditStore;
  lanes: AuditLanes;
  notifications: NotificationStore;
  deliveryLane: DeliveryLane;
  close: () => Promise<void>;
}

const shard = shardOf(aNotification().auditId);
const of = { organizationId: "org", shard };
const key = { organizationId: "org", auditId: aNotification().auditId, sequence: 1, subscriptionId: "subscription-1" };

export function describeDeliveryLaneContract(name: string, open: () => Promise<OpenDeliveryLane>): void {
  describe(`DeliveryLane: ${name}`, () => {
    let opened: OpenDeliveryLane;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    test("a pending notification is due from its time on, with its whole key", async () => {
      const { notifications, deliveryLane } = opened;
      await notifications.put(aNotification({ laneAt: noon }), undefined);
      expect((await deliveryLane.due(of, noon - 1, 10)).rows).toEqual([]);
      expect((await deliveryLane.due(of, noon, 10)).rows).toEqual([{ ...key, laneAt: noon }]);
    });

    test("keys are read back, whatever characters they have", async () => {
      const odd = { organizationId: "o#%23", auditId: key.auditId, sequence: 12, subscriptionId: "s%#🧾" };
      await opened.notifications.put(aNotification({ ...odd, laneAt: noon }), undefined);
      expect((await opened.deliveryLane.due({ organizationId: odd.organizationId, shard }, noon, 10)).rows).toEqual([
        { ...odd, laneAt: noon },
      ]);
    });

    test("a notification without a time is in no lane", async () => {
      await opened.notifications.put(aNotification({ status: "held" }), undefined);
      expect((await opened.deliveryLane.due(of, noon + 99, 10)).rows).toEqual([]);
    });

    test("a delivery removes its notification from the lane", async () => {
      const { notifications, deliveryLane } = opened;
      await notifications.put(aNotification({ laneAt: noon }), undefined);
      await notifications.putDelivered([aNotification({ status: "delivered", attemptCount: 2 })]);
      expect((await deliveryLane.due(of, noon, 10)).rows).toEqual([]);
    });

    test("the oldest come first, up to the limit", async () => {
      for (const [sequence, laneAt] of [
        [1, noon],
        [2, noon - 20],
        [3, noon - 10],
      ] as const) {
        await opened.notifications.put(aNotification({ sequence, laneAt }), undefined);
      }
      expect((await opened.deliveryLane.due(of, noon, 2)).rows.map(({ sequence }) => sequence)).toEqual([2, 3]);
    });

    test("pages of one issuer's lane have the position of the next, and no other issuer's rows", async () => {
      const { notifications, deliveryLane } = opened;
      for (const sequence of [1, 2, 3]) {
        await notifications.put(aNotification({ sequence, laneAt: noon + sequence }), undefined);
        await notifications.put(aNotification({ organizationId: "other", sequence, laneAt: noon }), undefined);
      }
      const first = await deliveryLane.due(of, noon + 9, 2);
      expect(first.rows.map(({ sequence }) => sequence)).toEqual([1, 2]);
      const second = await deliveryLane.due(of, noon + 9, 2, first.next);
      expect(second).toEqual({ rows: [{ ...key, sequence: 3, laneAt: noon + 3 }], next: undefined });
    });

    test("the lanes of audits and of deliveries are separate", async () => {
      const { audits, lanes, notifications, deliveryLane } = opened;
      await audits.create(openAudit({ laneAt: noon }));
      await notifications.put(aNotification({ laneAt: noon }), undefined);
      expect((await deliveryLane.due(of, noon, 10)).rows).toHaveLength(1);
      expect((await lanes.open(of, { from: 0, to: noon }, undefined, 10)).rows).toHaveLength(1);
    });

    test("a sent row is postponed, and stores its event", async () => {
      const { notifications, deliveryLane } = opened;
      await notifications.put(aNotification({ laneAt: noon }), undefined);
      expect(await deliveryLane.postpone({ ...key, laneAt: noon }, later)).toBe("done");
      expect(await notifications.get(key)).toEqual(
        aNotification({ laneAt: noon + 900, event, sweptFirst: { at: noon - 7, laneAt: noon + 900 } }),
      );
      expect((await deliveryLane.due(of, noon, 10)).rows).toEqual([]);
      expect((await deliveryLane.due(of, noon + 900, 10)).rows).toHaveLength(1);
    });

    test("of concurrent postponements one succeeds", async () => {
      await opened.notifications.put(aNotification({ laneAt: noon }), undefined);
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          opened.deliveryLane.postpone({ ...key, laneAt: noon }, { ...later, laneAt: noon + 900 + n }),
        ),
      );
      expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
    });

    test("a row that has left the lane is not postponed, and no row is created", async () => {
      const { notifications, deliveryLane } = opened;
      expect(await deliveryLane.postpone({ ...key, laneAt: noon }, later)).toBe("stale");
      expect(await notifications.get(key)).toBeUndefined();
      await notifications.putDelivered([aNotification({ status: "delivered" })]);
      expect(await deliveryLane.postpone({ ...key, laneAt: noon }, later)).toBe("stale");
    });
  });
}

const event = { id: "evt_1", body: "{}" };
const later = { laneAt: noon + 900, dueSince: noon - 7, event };
