import { expect, test } from "@jest/globals";
import { cachedSubscriptionLists } from "../../../../functions/core/subscriptions/subscription-list-cache.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aSubscription } from "../../../support/sample-audits.ts";

async function start() {
  const world = fakeWorld();
  await world.subscriptions.create(aSubscription());
  const reads: string[] = [];
  const failures: Error[] = [];
  const source = {
    async list(organizationId: string) {
      reads.push(organizationId);
      const failure = failures.pop();
      if (failure !== undefined) throw failure;
      return world.subscriptions.list(organizationId);
    },
  };
  return { world, cached: cachedSubscriptionLists(source, world.clock), reads, failures };
}

test("concurrent reads are shared", async () => {
  const { cached, reads } = await start();
  const lists = await Promise.all(Array.from({ length: 10 }, () => cached.list("org", noon)));
  expect(lists).toEqual(Array(10).fill([aSubscription()]));
  expect(reads).toEqual(["org"]);
});

test("a list is cached for two seconds", async () => {
  const { world, cached, reads } = await start();
  await cached.list("org", noon);
  world.time.advance(1_999);
  await cached.list("org", noon);
  expect(reads).toHaveLength(1);
  world.time.advance(1);
  await cached.list("org", noon);
  expect(reads).toHaveLength(2);
});

test("a subscription created after the list was read gets events since then", async () => {
  const { world, cached } = await start();
  await cached.list("org", noon);
  world.time.advance(1);
  await world.subscriptions.create(aSubscription({ subscriptionId: "new", createdAt: world.clock() }));
  expect(await cached.list("org", noon)).toHaveLength(1);
  expect(await cached.list("org", world.clock())).toHaveLength(2);
});

test("a list that may not be older is read again", async () => {
  const { cached, reads } = await start();
  await cached.list("org", noon);
  await cached.list("org");
  expect(reads).toHaveLength(2);
});

test("a failed read is not cached: all waiting callers get the error, and the next one reads", async () => {
  const { cached, reads, failures } = await start();
  failures.push(new Error("throttled"));
  const waiting = await Promise.allSettled([cached.list("org", noon), cached.list("org", noon)]);
  expect(waiting.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  expect(reads).toHaveLength(1);
  expect(await cached.list("org", noon)).toEqual([aSubscription()]);
});

test("issuers have separate entries", async () => {
  const { cached, reads } = await start();
  expect(await cached.list("other", noon)).toEqual([]);
  expect(await cached.list("org", noon)).toEqual([aSubscription()]);
  expect(reads).toEqual(["other", "org"]);
});
