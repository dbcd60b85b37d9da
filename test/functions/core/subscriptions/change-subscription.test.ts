import { expect, test } from "@jest/globals";
import { changeSubscription } from "../../../../functions/core/subscriptions/change-subscription.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aSubscription } from "../../../support/sample-audits.ts";

const disable = (stored: ReturnType<typeof aSubscription>) => ({ ...stored, enabled: false });

/** Its updates fail this many times, because of another writer. */
async function contended(times: number) {
  const { subscriptions } = fakeWorld();
  await subscriptions.create(aSubscription());
  let left = times;
  let reads = 0;
  const store = {
    get(...key: Parameters<typeof subscriptions.get>) {
      reads++;
      return subscriptions.get(...key);
    },
    update: async (...given: Parameters<typeof subscriptions.update>) =>
      left-- > 0 ? ("stale" as const) : subscriptions.update(...given),
  };
  return {
    change: changeSubscription(store),
    stored: () => subscriptions.get("org", "subscription-1"),
    reads: () => reads,
  };
}

test("a change is stored as the next revision", async () => {
  const { change, stored } = await contended(0);
  const subscription = aSubscription({ enabled: false, revision: 2 });
  expect(await change(aSubscription(), disable)).toEqual({ subscription, changed: true });
  expect(await stored()).toEqual(subscription);
});

test("an unchanged subscription is not written", async () => {
  const { change, stored } = await contended(0);
  expect(await change(aSubscription(), () => undefined)).toEqual({ subscription: aSubscription(), changed: false });
  expect(await stored()).toEqual(aSubscription());
});

test("a missing subscription is not changed", async () => {
  const { change } = await contended(0);
  expect(await change({ organizationId: "org", subscriptionId: "other" }, disable)).toBeUndefined();
});

test("a change is retried on concurrent changes, at most ten times", async () => {
  const patient = await contended(9);
  expect(await patient.change(aSubscription(), disable)).toMatchObject({ changed: true });
  const hopeless = await contended(100);
  await expect(hopeless.change(aSubscription(), disable)).rejects.toThrow("too many concurrent changes");
  expect(hopeless.reads()).toBe(10);
});
