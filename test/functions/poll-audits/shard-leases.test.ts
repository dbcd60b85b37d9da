import { expect, test } from "@jest/globals";
import { nameOf } from "../../support/memory/state.ts";
import { allShards, pollerWorld } from "../../support/polling/poller-world.ts";
import { minute, names } from "./failing-kard.ts";

test("a shard of another poller is not polled, and one that is taken over is left", async () => {
  const world = pollerWorld();
  for (const name of names(400)) await world.accept(name, 7 * minute);
  const taken = allShards.slice(0, 4);
  for (const shard of taken) await world.stores.leases.take(shard, "poller-2", world.time.clock(), Infinity);
  expect(await world.cleanTick()).toMatchObject({ shards: 4 });
  const polled = world.calls.length;
  expect(polled).toBeGreaterThan(100);
  expect(polled).toBeLessThan(300);

  world.wait(5 * minute);
  const { cursors } = world.stores.state;
  let takenOver: unknown;
  world.answering = ({ number }) => {
    if (number !== polled + 10) return undefined;
    for (const [name, row] of cursors) cursors.set(name, { ...row, generation: row.generation + 2 });
    takenOver = structuredClone([...cursors]);
    return undefined;
  };
  // The polls take longer than the interval of saving cursors.
  world.deps.callsPerSecond = 5;
  expect(await world.cleanTick()).toMatchObject({ shards: 4, leasesLost: 4 });
  // At most what the rate allows until they are saved, and a page per shard.
  expect(world.calls.length - polled).toBeLessThanOrEqual(5 * 10 + 4 * Math.ceil((5 * 45) / 4 / 20) + 4);
  expect([...cursors]).toEqual(takenOver);
});

test("the shards are released at the end, so another process can continue at once", async () => {
  const world = pollerWorld();
  for (const name of names(20)) await world.accept(name, 7 * minute);
  expect(await world.cleanTick()).toMatchObject({ shards: 8 });
  world.deps.holder = "poller-2";
  world.wait(5_000);
  expect(await world.cleanTick()).toMatchObject({ shards: 8, polled: 0 });
});

test("with the shard its rechecks are left, too", async () => {
  const world = pollerWorld({ callsPerSecond: 10 });
  for (const name of names(400)) await world.accept(name, 7 * minute);
  const laneAt = world.time.clock();
  for (const name of names(400, "recheck")) await world.accept(name, minute, { lane: "RECHECK", laneAt });
  for (const shard of allShards) {
    world.stores.state.cursors.set(nameOf("org", shard), { generation: 99, cursors: {} });
  }
  expect(await world.cleanTick()).toMatchObject({ leasesLost: 8, stopped: undefined });
  expect(world.calls.length).toBeLessThan(200);
});

test("the stop comes before the lease ends, however much time is left", async () => {
  const world = pollerWorld({ callsPerSecond: 1 });
  for (const name of names(200)) await world.accept(name, 7 * minute);
  const began = world.time.clock();
  expect(await world.cleanTick(900)).toMatchObject({ stopped: "time-is-up" });
  expect(world.time.clock() - began).toBeLessThanOrEqual(48_100);
});
