import { expect, test } from "@jest/globals";
import { dayMs } from "../../../../functions/core/stats/day-figures.ts";
import {
  alwaysCounted,
  askedForMs,
  intervalMs,
  type ReadOpenDeps,
  type RefreshOpenDeps,
  readOpen,
  refreshOpen,
  usableMs,
} from "../../../../functions/core/stats/open-snapshot.ts";
import type { StatsSource } from "../../../../functions/core/stats/ports.ts";
import { noon } from "../../../support/fake-clock.ts";
import { fakeWorld } from "../../../support/fake-world.ts";

const minute = 60_000;
const many = alwaysCounted + 1;

/** A world whose issuer has so many open audits, and the number of times that they were counted. */
function worldWith(open: number) {
  const world = fakeWorld();
  const state = { open, counts: 0 };
  const source: Pick<StatsSource, "open"> = {
    async open(_organizationId, visit) {
      state.counts++;
      const audit = { createdAt: noon, status: "NEW", laneAt: noon };
      visit({ lane: "OPEN", shard: 0, audits: Array.from({ length: state.open }, () => audit) });
      return true;
    },
  };
  const deps: ReadOpenDeps & RefreshOpenDeps = { ...world, source };
  return {
    ...{ world, state, deps },
    ask: async () => (await readOpen(deps)("org", world.clock())).audits,
    refresh: () => refreshOpen(deps)("org"),
    due: () => world.openSnapshots.due(world.clock(), 10),
    stored: () => world.openSnapshots.get("org"),
  };
}

test("a few open audits are counted at each request, and nothing is stored", async () => {
  const { state, ask, stored, due } = worldWith(alwaysCounted);
  expect(await ask()).toBe(alwaysCounted);
  state.open--;
  expect(await ask()).toBe(alwaysCounted - 1);
  expect([await stored(), await due()]).toEqual([undefined, []]);
});

test("many open audits are counted once, and the sweep counts them again", async () => {
  const { world, state, ask, refresh, due } = worldWith(many);
  expect([await ask(), await ask(), state.counts]).toEqual([many, many, 1]);
  state.open++;
  await refresh();
  expect([await due(), await ask(), state.counts]).toEqual([[], many, 1]);
  world.time.advance(5 * minute);
  expect(await due()).toEqual(["org"]);
  await refresh();
  expect([await due(), await ask(), state.counts]).toEqual([[], many + 1, 2]);
  expect((await readOpen({ ...world, source: failing })("org", world.clock())).asOf).toBe(noon + 5 * minute);
});

test("the more open audits, the less often the sweep counts them", () => {
  expect([2_001, 50_000, 100_000, 240_000].map((audits) => intervalMs(audits) / minute)).toEqual([5, 5, 10, 24]);
});

test("a snapshot that is too old is not used", async () => {
  const { world, state, ask } = worldWith(many);
  await ask();
  state.open++;
  world.time.advance(usableMs - 1);
  expect(await ask()).toBe(many);
  world.time.advance(1);
  expect([await ask(), await ask(), state.counts]).toEqual([many + 1, many + 1, 2]);
});

test("the sweep goes on while figures are asked for, and ends when they are not", async () => {
  const { world, state, ask, refresh, stored } = worldWith(many);
  await ask();
  const days = async (count: number) => {
    for (let day = 0; day < count; day++) {
      world.time.advance(dayMs);
      await refresh();
    }
  };
  await days(askedForMs / dayMs - 1);
  expect([await ask(), state.counts]).toEqual([many, askedForMs / dayMs]);
  await days(askedForMs / dayMs + 3);
  expect(await stored()).not.toHaveProperty("laneAt");
  expect(state.counts).toBe(2 * (askedForMs / dayMs) - 1);
  expect(await ask()).toBe(many);
  world.time.advance(intervalMs(many));
  await refresh();
  expect(state.counts).toBe(2 * (askedForMs / dayMs) + 1);
});

test("a snapshot that is no longer refreshed is refreshed again once it is asked for", async () => {
  const { world, ask, stored, due } = worldWith(many);
  await ask();
  const { laneAt: _laneAt, ...ended } = (await stored()) ?? fail();
  world.time.advance(10 * minute);
  await world.openSnapshots.put("org", { ...ended, askedAt: noon - askedForMs, revision: 2 });
  expect([await due(), await ask(), await due()]).toEqual([[], many, ["org"]]);
});

test("once there are few open audits, each request counts them again", async () => {
  const { world, state, ask, refresh, due } = worldWith(many);
  await ask();
  world.time.advance(5 * minute);
  state.open = 3;
  await refresh();
  state.open = 4;
  world.time.advance(dayMs);
  expect([await ask(), await due()]).toEqual([4, []]);
  state.open = many;
  expect([await ask(), await ask(), state.counts]).toEqual([many, many, 4]);
});

test("two sweeps at once count once", async () => {
  const { world, state, ask, refresh } = worldWith(many);
  await ask();
  world.time.advance(5 * minute);
  await Promise.all([refresh(), refresh()]);
  expect(state.counts).toBe(2);
});

test("two requests at once both get figures", async () => {
  const { ask, stored } = worldWith(many);
  expect(await Promise.all([ask(), ask()])).toEqual([many, many]);
  expect(await stored()).toMatchObject({ audits: many, revision: 1 });
});

test("a count that fails is repeated after the interval, and the former snapshot stays", async () => {
  const { world, deps, state, ask, refresh, due } = worldWith(many);
  await ask();
  world.time.advance(5 * minute);
  await expect(refreshOpen({ ...deps, source: failing })("org")).rejects.toThrow("throttled");
  expect([await due(), await ask()]).toEqual([[], many]);
  world.time.advance(5 * minute);
  await refresh();
  expect(state.counts).toBe(2);
});

test.each(["get", "put"] as const)(
  "if the %s of a snapshot fails, it is reported, and the figures are counted",
  async (method) => {
    const { world, deps } = worldWith(many);
    const throttled = new Error("throttled");
    const openSnapshots = { ...world.openSnapshots, [method]: () => Promise.reject(throttled) };
    expect(await readOpen({ ...deps, openSnapshots })("org", noon)).toMatchObject({ audits: many });
    expect(world.errors).toEqual([throttled]);
  },
);

const failing: Pick<StatsSource, "open"> = { open: () => Promise.reject(new Error("throttled")) };

function fail(): never {
  throw new Error("no snapshot is stored");
}
