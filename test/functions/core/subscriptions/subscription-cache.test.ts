import { expect, test } from "@jest/globals";
import type { Subscription } from "../../../../functions/core/subscriptions/subscription.ts";
import { cacheSubscriptions } from "../../../../functions/core/subscriptions/subscription-cache.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aSubscription } from "../../../support/sample-audits.ts";

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
  return { world, cached: cacheSubscriptions(source, world.clock), reads: () => reads, breakIt };
}

test("concurrent reads are shared", async () => {
  const { cached, reads } = await start();
  const all = await Promise.all(Array.from({ length: 10 }, () => cached.get("org", "subscription-1")));
  expect(all).toEqual(Array(10).fill(aSubscription()));
  expect(reads()).toBe(1);
});

test("a change applies after two seconds", async () => {
  const { world, cached } = await start();
  await cached.get("org", "subscription-1");
  await world.subscriptions.create(aSubscription({ enabled: false }));
  world.time.advance(2_000);
  expect(await cached.get("org", "subscription-1")).toMatchObject({ enabled: true });
  world.time.advance(1);
  expect(await cached.get("org", "subscription-1")).toMatchObject({ enabled: false });
});

test("a failed read is not cached", async () => {
  const { cached, breakIt } = await start();
  breakIt(true);
  await expect(cached.get("org", "subscription-1")).rejects.toThrow("throttled");
  breakIt(false);
  expect(await cached.get("org", "subscription-1")).toEqual(aSubscription());
});

test("organizations have separate entries", async () => {
  const { cached } = await start();
  await cached.get("org", "subscription-1");
  expect(await cached.get("other", "subscription-1")).toBeUndefined();
});

test("a forgotten entry is read again, and no other", async () => {
  const { cached, reads } = await start();
  await cached.get("org", "subscription-1");
  cached.forget("org", "subscription-2");
  await cached.get("org", "subscription-1");
  expect(reads()).toBe(1);
  cached.forget("org", "subscription-1");
  await cached.get("org", "subscription-1");
  expect(reads()).toBe(2);
});

test("a missing subscription is cached, too", async () => {
  const { cached, reads } = await start();
  for (let n = 0; n < 3; n++) expect(await cached.get("org", "deleted")).toBeUndefined();
  expect(reads()).toBe(1);
});

test("a thousand are cached, and the least recently used is dropped", async () => {
  const { cached, reads } = await start();
  for (let number = 1; number <= 1_000; number++) await cached.get("org", `s-${number}`);
  await cached.get("org", "s-1");
  expect(reads()).toBe(1_000);
  await cached.get("org", "one more");
  await cached.get("org", "s-1");
  expect(reads()).toBe(1_001);
  await cached.get("org", "s-2");
  expect(reads()).toBe(1_002);
});

test("forgetting a subscription while it is read does not fail the reader, and the next read is new", async () => {
  let now = noon;
  const reads: PromiseWithResolvers<Subscription>[] = [];
  const cached = cacheSubscriptions(
    {
      get() {
        const read = Promise.withResolvers<Subscription>();
        reads.push(read);
        return read.promise;
      },
    },
    () => now,
  );
  for (const description of ["read first", "renewed after two seconds"]) {
    const found = cached.get("org", "subscription-1");
    cached.forget("org", "subscription-1");
    reads.at(-1)?.resolve(aSubscription({ description }));
    expect(await found).toMatchObject({ description });
    const next = cached.get("org", "subscription-1");
    reads.at(-1)?.resolve(aSubscription());
    expect(await next).toEqual(aSubscription());
    now += 5_000;
  }
  expect(reads).toHaveLength(4);
});
