import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { SubscriptionStore } from "../../functions/core/ports.ts";
import { aSubscription } from "../support/sample-audits.ts";
import { trickyText } from "./tricky-text.ts";

export interface OpenSubscriptionStore {
  subscriptions: SubscriptionStore;
  close: () => Promise<void>;
}

export function describeSubscriptionStoreContract(name: string, open: () => Promise<OpenSubscriptionStore>): void {
  describe(`SubscriptionStore: ${name}`, () => {
    let subscriptions: SubscriptionStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ subscriptions, close } = await open());
    });
    afterEach(() => close());

    test("a created subscription is read back as it was, secrets included", async () => {
      const subscription = aSubscription({ description: "Café ☕", enabled: false });
      await subscriptions.create(subscription);
      expect(await subscriptions.get("org", subscription.subscriptionId)).toEqual(subscription);
    });

    test("a subscription that is not there is not found, nor is another issuer's", async () => {
      await subscriptions.create(aSubscription());
      expect(await subscriptions.get("org", "none")).toBeUndefined();
      expect(await subscriptions.get("other", "subscription-1")).toBeUndefined();
    });

    test("the list has all of the issuer's and nobody else's", async () => {
      const mine = Array.from({ length: 100 }, (_, n) => aSubscription({ subscriptionId: `s-${n}` }));
      await Promise.all(mine.map((subscription) => subscriptions.create(subscription)));
      await subscriptions.create(aSubscription({ organizationId: "org2" }));
      const listed = await subscriptions.list("org");
      expect(new Set(listed.map(({ subscriptionId }) => subscriptionId))).toEqual(
        new Set(mine.map(({ subscriptionId }) => subscriptionId)),
      );
      expect(await subscriptions.list("nobody")).toEqual([]);
    });

    test("issuers of any text keep their lists apart", async () => {
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(trickyText, { minLength: 2, maxLength: 6 }), async (issuers) => {
          const run = `${++runs}#`;
          const all = issuers.map((issuer) => aSubscription({ organizationId: run + issuer, subscriptionId: issuer }));
          for (const subscription of all) await subscriptions.create(subscription);
          for (const subscription of all) {
            expect(await subscriptions.list(subscription.organizationId)).toEqual([subscription]);
          }
        }),
        { numRuns: 15 },
      );
    });
  });
}
