import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { PushSubscriptionStore } from "../../functions/core/ports.ts";

export interface OpenPushSubscriptionStore {
  pushSubscriptions: PushSubscriptionStore;
  close: () => Promise<void>;
}

export function describePushSubscriptionStoreContract(
  name: string,
  open: () => Promise<OpenPushSubscriptionStore>,
): void {
  describe(`PushSubscriptionStore: ${name}`, () => {
    let pushSubscriptions: PushSubscriptionStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ pushSubscriptions, close } = await open());
    });
    afterEach(() => close());

    test("at first there is none", async () => {
      expect(await pushSubscriptions.list()).toEqual([]);
    });

    test("each issuer is there once, whatever its id is made of", async () => {
      const issuers = ["org", "o#%23", "o#", "日本"];
      for (const issuer of [...issuers, ...issuers]) await pushSubscriptions.put(issuer);
      expect((await pushSubscriptions.list()).sort()).toEqual(issuers.sort());
    });
  });
}
