import { expect, test } from "@jest/globals";
import { alwaysCounted, readOpen } from "../../../functions/core/stats/open-snapshot.ts";
import type { StatsSource } from "../../../functions/core/stats/ports.ts";
import { refreshSnapshots } from "../../../functions/sweep-outbox/refresh-snapshots.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";

const forever = Number.POSITIVE_INFINITY;

/** A world whose issuers have many open audits, and asked for figures an hour ago. */
async function worldAsked(organizationIds: readonly string[]) {
  const world = fakeWorld();
  const counted: string[] = [];
  const open: StatsSource["open"] = async (organizationId, visit) => {
    counted.push(organizationId);
    const audit = { createdAt: noon, status: "NEW", laneAt: noon };
    visit({ lane: "OPEN", shard: 0, audits: Array.from({ length: alwaysCounted + 1 }, () => audit) });
    return true;
  };
  const deps = { ...world, source: { ...world.source, open } };
  for (const organizationId of organizationIds) {
    await readOpen(deps)(organizationId, world.clock());
    world.time.advance(1_000);
  }
  world.time.advance(3_600_000);
  counted.length = 0;
  return { deps, counted, time: world.time };
}

test("the snapshots that are due are counted again, the oldest first", async () => {
  const { deps, counted } = await worldAsked(["a", "b"]);
  expect(await refreshSnapshots(deps)(forever)).toEqual({ failures: [] });
  expect(await refreshSnapshots(deps)(forever)).toEqual({ failures: [] });
  expect(counted).toEqual(["a", "b"]);
});

test("a count that fails does not stop the others", async () => {
  const { deps, counted } = await worldAsked(["a", "b"]);
  const throttled = new Error("throttled");
  const open: StatsSource["open"] = (organizationId, visit) =>
    organizationId === "a" ? Promise.reject(throttled) : deps.source.open(organizationId, visit);
  expect(await refreshSnapshots({ ...deps, source: { open } })(forever)).toEqual({ failures: [throttled] });
  expect(counted).toEqual(["b"]);
});

test("nothing is counted for which the time may be too short", async () => {
  const { deps, counted } = await worldAsked(["a"]);
  expect(await refreshSnapshots(deps)(deps.clock() + 5_000)).toEqual({ failures: [] });
  expect(counted).toEqual([]);
});
