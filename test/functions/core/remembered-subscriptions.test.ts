import { expect, test } from "@jest/globals";
import { rememberedSubscriptions } from "../../../functions/core/remembered-subscriptions.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aSubscription } from "../../support/sample-audits.ts";

async function start() {
  const world = fakeWorld();
  await world.subscriptions.create(aSubscription());
  let reads = 0;
  let broken = false;
  const { get } = world.subscriptions;
  const source = {
    async get(...given: Parameters<typeof get>) {
      reads++;
      if (broken) throw new Error("throttled");
      return get(...given);
    },
  };
  const breakIt = (is: boolean) => {
    broken = is;
  };
  return { world, remembered: rememberedSubscriptions(source, world.clock), reads: () => reads, breakIt };
}

test("many at once are one read", async () => {
  const { remembered, reads } = await start();
  const all = await Promise.all(Array.from({ length: 10 }, () => remembered.get("org", "subscription-1")));
  expect(all).toEqual(Array(10).fill(aSubscription()));
  expect(reads()).toBe(1);
});

test("a change is felt after two seconds", async () => {
  const { world, remembered } = await start();
  await remembered.get("org", "subscription-1");
  await world.subscriptions.create(aSubscription({ enabled: false }));
  world.time.advance(1_999);
  expect(await remembered.get("org", "subscription-1")).toMatchObject({ enabled: true });
  world.time.advance(1);
  expect(await remembered.get("org", "subscription-1")).toMatchObject({ enabled: false });
});

test("a read that failed is not remembered", async () => {
  const { remembered, breakIt } = await start();
  breakIt(true);
  await expect(remembered.get("org", "subscription-1")).rejects.toThrow("throttled");
  breakIt(false);
  expect(await remembered.get("org", "subscription-1")).toEqual(aSubscription());
});

test("organizations do not share what is remembered", async () => {
  const { remembered } = await start();
  await remembered.get("org", "subscription-1");
  expect(await remembered.get("other", "subscription-1")).toBeUndefined();
});

test("what is forgotten is read anew, and nothing else", async () => {
  const { remembered, reads } = await start();
  await remembered.get("org", "subscription-1");
  remembered.forget("org", "subscription-2");
  await remembered.get("org", "subscription-1");
  expect(reads()).toBe(1);
  remembered.forget("org", "subscription-1");
  await remembered.get("org", "subscription-1");
  expect(reads()).toBe(2);
});

test("a thousand are remembered, and then none but the newest", async () => {
  const { remembered, reads } = await start();
  for (let number = 1; number <= 1_000; number++) await remembered.get("org", `s-${number}`);
  await remembered.get("org", "s-1");
  expect(reads()).toBe(1_000);
  await remembered.get("org", "one more");
  await remembered.get("org", "one more");
  expect(reads()).toBe(1_001);
  await remembered.get("org", "s-1");
  expect(reads()).toBe(1_002);
});
