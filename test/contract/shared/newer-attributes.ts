import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { completed, held, type Notification, replayed } from "../../../functions/core/notifications/notification.ts";
import { afterFailure, markSlow, setEnabled } from "../../../functions/core/subscriptions/endpoint-health.ts";
import type { Subscription } from "../../../functions/core/subscriptions/subscription.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, aSubscription, openAudit } from "../../support/sample-audits.ts";
import type { OpenAuditStore } from "../audits/audit-store.ts";
import type { OpenDeliveryLane } from "../notifications/delivery-lane.ts";
import type { OpenNotificationListing } from "../notifications/notification-listing.ts";
import type { OpenSubscriptionStore } from "../subscriptions/subscription-store.ts";

export type OpenNewerAttributes = OpenAuditStore & OpenDeliveryLane & OpenNotificationListing & OpenSubscriptionStore;

const newer = { addedLater: { by: ["a newer version"], at: noon } };

/** During a deployment, and after a rollback, a version reads and writes rows with attributes that it does not know. */
export function describeNewerAttributesContract(name: string, open: () => Promise<OpenNewerAttributes>): void {
  describe(`attributes of a newer version: ${name}`, () => {
    let opened: OpenNewerAttributes;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    const attempt = { at: noon, ms: 12, statusCode: 500, ...newer };
    const event = { id: "evt_1", body: "{}" };
    const stored: Notification = { ...aNotification({ laneAt: noon, attempts: [attempt] }), ...newer };

    test.each([
      ["a retry", (seen: Notification) => ({ ...seen, attemptCount: 2, nextAttemptAt: noon, laneAt: noon })],
      ["a replay", (seen: Notification) => replayed({ ...seen, event }, noon)],
      ["a hold", (seen: Notification) => held(seen, event, noon)],
      ["an outcome", (seen: Notification) => completed(seen, "delivery_failed")],
    ])("stay on a notification after %s", async (_, change) => {
      const { notifications } = opened;
      await notifications.put(stored, undefined);
      const [seen = aNotification()] = await notifications.getAll([stored]);
      expect(await notifications.put(change(seen), seen)).toBe("done");
      expect(await notifications.get(stored)).toEqual(change(stored));
    });

    test("stay on a delivered notification", async () => {
      const { notifications } = opened;
      await notifications.put(stored, undefined);
      const [seen = aNotification()] = await notifications.listOfAudit(stored);
      await notifications.putDelivered([completed(seen, "delivered")]);
      expect(await notifications.get(stored)).toEqual(completed(stored, "delivered"));
    });

    test("stay on a notification from a list", async () => {
      const { notifications, notificationListing } = opened;
      await notifications.put(stored, undefined);
      const { items } = await notificationListing.list("org", {}, 10);
      expect(items).toEqual([stored]);
    });

    test("do not keep a notification in a lane that it has left", async () => {
      const { notifications, deliveryLane } = opened;
      const ofSeveral = Array.from({ length: 8 }, (_, shard) => ({ organizationId: "org", shard }));
      const due = async () =>
        (await Promise.all(ofSeveral.map((of) => deliveryLane.due(of, noon, 10)))).flatMap((page) => page.rows);
      await notifications.put(stored, undefined);
      expect(await due()).toHaveLength(1);
      const seen = await notifications.get(stored);
      if (seen !== undefined) await notifications.put(completed(seen, "delivery_failed"), seen);
      expect(await due()).toEqual([]);
    });

    test("stay on an audit's event that is marked", async () => {
      const { audits } = opened;
      const written = { id: "evt_1", type: "audit.closed", at: noon, body: "{}", ...newer } as const;
      await audits.create(openAudit({ sequence: 1, events: { e1: written } }));
      const seen = await audits.get(openAudit());
      if (seen?.events.e1 === undefined) throw new Error("it has no event");
      const marked = { ...seen, events: { e1: { ...seen.events.e1, publishedAt: noon } } };
      expect(await audits.update(seen, marked, ["sequence"])).toBe("done");
      expect((await audits.get(openAudit()))?.events).toEqual({ e1: { ...written, publishedAt: noon } });
    });

    const subscription: Subscription = { ...aSubscription(), ...newer };
    const failed = { at: noon, ms: 1, statusCode: 503 };

    test.each([
      ["slowness", (seen: Subscription) => markSlow(seen, noon)],
      ["a failure", (seen: Subscription) => afterFailure(seen, { attempt: failed, isReplay: false })],
      ["being disabled", (seen: Subscription) => setEnabled(seen, false, noon)],
    ])("stay on a subscription after %s", async (_, change) => {
      const { subscriptions } = opened;
      await subscriptions.create(subscription);
      const [seen = aSubscription()] = await subscriptions.listInFull("org");
      expect(await subscriptions.update({ ...(change(seen) ?? seen), revision: 2 }, seen.revision)).toBe("done");
      const after = await subscriptions.get("org", subscription.subscriptionId);
      expect(after).toEqual({ ...change(subscription), revision: 2 });
    });

    test("do not keep a subscription in the outbox that it has left", async () => {
      const { subscriptions, subscriptionOutbox } = opened;
      await subscriptions.create({ ...subscription, outboxAt: noon });
      const seen = (await subscriptionOutbox.get(subscription)) as Subscription;
      const { outboxAt: _outboxAt, ...done } = seen;
      await subscriptions.update({ ...done, revision: 2 }, seen.revision);
      expect((await subscriptionOutbox.due(noon, 10)).rows).toEqual([]);
      expect(await subscriptionOutbox.get(subscription)).toEqual({ ...subscription, revision: 2 });
    });

    test("are deleted with a subscription, and stay on the row of a deleted one", async () => {
      const { subscriptions, subscriptionOutbox } = opened;
      const { organizationId, subscriptionId } = subscription;
      await subscriptions.create(subscription);
      await subscriptions.delete(organizationId, subscriptionId, noon);
      const left = { organizationId, subscriptionId, deletedAt: noon, outboxAt: noon };
      expect(await subscriptionOutbox.get(subscription)).toEqual(left);
      await subscriptionOutbox.postpone({ ...left, ...newer });
      const seen = await subscriptionOutbox.get(subscription);
      expect(seen).toEqual({ ...left, ...newer });
    });
  });
}
