import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { SubscriptionOutbox, SubscriptionStore } from "../../../functions/core/subscriptions/ports.ts";
import { aSubscription } from "../../support/sample-audits.ts";
import { trickyText } from "../shared/tricky-text.ts";

export interface OpenSubscriptionStore {
  subscriptions: SubscriptionStore;
  subscriptionOutbox: SubscriptionOutbox;
  close: () => Promise<void>;
}

export function describeSubscriptionStoreContract(name: string, open: () => Promise<OpenSubscriptionStore>): void {
  describe(`SubscriptionStore: ${name}`, () => {
    let subscriptions: SubscriptionStore;
    let outbox: SubscriptionOutbox;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ subscriptions, subscriptionOutbox: outbox, close } = await open());
    });
    afterEach(() => close());

    test("a subscription is read as it was created, with its secrets", async () => {
      const subscription = aSubscription({ description: "Café ☕", enabled: false });
      await subscriptions.create(subscription);
      expect(await subscriptions.get("org", subscription.subscriptionId)).toEqual(subscription);
    });

    test("a missing subscription, and another issuer's, are not found", async () => {
      await subscriptions.create(aSubscription());
      expect(await subscriptions.get("org", "none")).toBeUndefined();
      expect(await subscriptions.get("other", "subscription-1")).toBeUndefined();
    });

    test("the list has only the issuer's own", async () => {
      const mine = Array.from({ length: 100 }, (_, n) => aSubscription({ subscriptionId: `s-${n}` }));
      await Promise.all(mine.map((subscription) => subscriptions.create(subscription)));
      await subscriptions.create(aSubscription({ organizationId: "org2" }));
      const listed = await subscriptions.listInFull("org");
      expect(new Set(listed.map(({ subscriptionId }) => subscriptionId))).toEqual(
        new Set(mine.map(({ subscriptionId }) => subscriptionId)),
      );
      expect(await subscriptions.listInFull("nobody")).toEqual([]);
    });

    test("a change needs the last revision", async () => {
      await subscriptions.create(aSubscription());
      const changed = aSubscription({
        revision: 2,
        failingSince: 1,
        headers: { "x-a": "b" },
        filters: { auditCodes: [3005] },
      });
      expect(await subscriptions.update(changed, 1)).toBe("done");
      expect(await subscriptions.update(aSubscription({ revision: 2, enabled: false }), 1)).toBe("stale");
      expect(await subscriptions.get("org", "subscription-1")).toEqual(changed);
      expect(await subscriptions.update(aSubscription({ revision: 3 }), 2)).toBe("done");
      expect(await subscriptions.get("org", "subscription-1")).toEqual(aSubscription({ revision: 3 }));
    });

    test("of concurrent changes one succeeds", async () => {
      await subscriptions.create(aSubscription());
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, n) => subscriptions.update(aSubscription({ revision: 2, failingSince: n }), 1)),
      );
      expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
    });

    test("a deleted subscription is gone, and no change restores it", async () => {
      await subscriptions.create(aSubscription());
      expect(await subscriptions.delete("other", "subscription-1", 7)).toBe("missing");
      expect(await subscriptions.delete("org", "subscription-1", 7)).toBe("done");
      expect(await subscriptions.delete("org", "subscription-1", 7)).toBe("missing");
      expect(await subscriptions.update(aSubscription({ revision: 2 }), 1)).toBe("stale");
      expect(await subscriptions.listInFull("org")).toEqual([]);
      expect(await subscriptions.get("org", "subscription-1")).toBeUndefined();
    });

    test("a deleted one is in the outbox, without its secrets, until it is removed", async () => {
      const key = { organizationId: "org", subscriptionId: "subscription-1" };
      await subscriptions.create(aSubscription());
      await subscriptions.delete("org", "subscription-1", 7);
      expect((await outbox.due(6, 10)).rows).toEqual([]);
      expect((await outbox.due(7, 10)).rows).toEqual([{ ...key, outboxAt: 7 }]);
      const deleted = { ...key, deletedAt: 7, outboxAt: 7 };
      expect(await outbox.get(key)).toEqual(deleted);
      await outbox.postpone({ ...deleted, outboxAt: 9 });
      expect((await outbox.due(8, 10)).rows).toEqual([]);
      await outbox.remove(deleted);
      await outbox.postpone(deleted);
      expect(await outbox.get(key)).toBeUndefined();
    });

    test("an existing subscription is neither postponed nor removed as a deleted one", async () => {
      const key = { organizationId: "org", subscriptionId: "subscription-1" };
      await subscriptions.create(aSubscription());
      await outbox.postpone({ ...key, deletedAt: 7, outboxAt: 7 });
      await outbox.remove({ ...key, deletedAt: 7, outboxAt: 7 });
      expect(await outbox.get(key)).toEqual(aSubscription());
    });

    test("the outbox has the due ones, oldest first, with their whole keys", async () => {
      const odd = { organizationId: "o#%23", subscriptionId: "s%#🧾" };
      await subscriptions.create(aSubscription({ outboxAt: 10 }));
      await subscriptions.create(aSubscription({ ...odd, outboxAt: 5 }));
      await subscriptions.create(aSubscription({ subscriptionId: "idle" }));
      expect((await outbox.due(4, 10)).rows).toEqual([]);
      const [first, second] = [
        { ...odd, outboxAt: 5 },
        { organizationId: "org", subscriptionId: "subscription-1", outboxAt: 10 },
      ];
      expect((await outbox.due(10, 10)).rows).toEqual([first, second]);
      const page = await outbox.due(10, 1);
      expect(page.rows).toEqual([first]);
      expect((await outbox.due(10, 1, page.next)).rows).toEqual([second]);
      await subscriptions.update(aSubscription({ revision: 2 }), 1);
      expect((await outbox.due(10, 10)).rows).toEqual([first]);
    });

    test("issuers with any characters have separate lists", async () => {
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(trickyText, { minLength: 2, maxLength: 6 }), async (issuers) => {
          const run = `${++runs}#`;
          const all = issuers.map((issuer) => aSubscription({ organizationId: run + issuer, subscriptionId: issuer }));
          for (const subscription of all) await subscriptions.create(subscription);
          for (const subscription of all) {
            expect(await subscriptions.listInFull(subscription.organizationId)).toEqual([subscription]);
          }
        }),
        { numRuns: 15 },
      );
    });
  });
}
