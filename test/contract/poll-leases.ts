import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { PollLease, PollLeases } from "../../functions/core/ports.ts";
import { noon } from "../support/fake-clock.ts";

export interface OpenPollLeases {
  leases: PollLeases;
  close: () => Promise<void>;
}

const minute = 60_000;

export function describePollLeasesContract(name: string, open: () => Promise<OpenPollLeases>): void {
  describe(`PollLeases: ${name}`, () => {
    let leases: PollLeases;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ leases, close } = await open());
    });
    afterEach(() => close());

    const take = async (holder: string, now: number, shard = 0): Promise<PollLease> => {
      const lease = await leases.take(shard, holder, now, now + minute);
      if (lease === undefined) throw new Error(`${holder} did not get the shard`);
      return lease;
    };

    test("a shard that nobody has had comes without cursors", async () => {
      expect(await leases.take(4, "a", noon, noon + minute)).toEqual({ shard: 4, holder: "a", cursors: {} });
    });

    test("a shard that is held is given to nobody else", async () => {
      await take("a", noon);
      expect(await leases.take(0, "b", noon + minute - 1, noon + 2 * minute)).toBeUndefined();
    });

    test("of many who want a shard at once, exactly one gets it", async () => {
      const taken = await Promise.all(
        Array.from({ length: 20 }, (_, n) => leases.take(0, `poller-${n}`, noon, noon + minute)),
      );
      expect(taken.filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    test("its holder takes a shard anew at any time", async () => {
      await take("a", noon);
      await take("a", noon + 1_000);
      expect(await leases.take(0, "b", noon + minute, noon + 2 * minute)).toBeUndefined();
    });

    test("a lease is over at its very end", async () => {
      await take("a", noon);
      expect(await take("b", noon + minute)).toMatchObject({ holder: "b" });
    });

    test("shards are held apart from each other", async () => {
      await take("a", noon, 0);
      expect(await take("b", noon, 1)).toMatchObject({ shard: 1 });
    });

    test("whoever takes a shard over finds the cursors where they were left", async () => {
      const lease = await take("a", noon);
      const cursor = { since: noon - 5, until: noon, position: { organizationId: "org#1", auditId: "x", laneAt: 3 } };
      expect(await leases.saveCursor(lease, "300000-3600000-300000-60000", cursor)).toBe("done");
      expect(await leases.saveCursor(lease, "other", { since: undefined, until: noon })).toBe("done");
      const next = await take("b", noon + minute);
      expect(next.cursors).toEqual({ "300000-3600000-300000-60000": cursor, other: { until: noon } });
    });

    test("a cursor replaces the band's last one as a whole", async () => {
      const lease = await take("a", noon);
      await leases.saveCursor(lease, "band", { since: 1, until: 2 });
      await leases.saveCursor(lease, "band", { since: 2 });
      expect((await take("a", noon)).cursors).toEqual({ band: { since: 2 } });
    });

    test("a cursor of one who has lost the shard is stale and not kept", async () => {
      const lost = await take("a", noon);
      const own = await take("b", noon + minute);
      await leases.saveCursor(own, "band", { since: 2 });
      expect(await leases.saveCursor(lost, "band", { since: 1 })).toBe("stale");
      expect((await take("b", noon + minute)).cursors).toEqual({ band: { since: 2 } });
    });

    test("a paused shard is given to nobody, its holder included, until the pause is over", async () => {
      await leases.release(await take("a", noon), noon + 10 * minute);
      expect(await leases.take(0, "a", noon + minute, noon + 2 * minute)).toBeUndefined();
      expect(await leases.take(0, "b", noon + 10 * minute - 1, noon + 11 * minute)).toBeUndefined();
      expect(await take("b", noon + 10 * minute)).toMatchObject({ holder: "b" });
    });

    test("a pause is over once and for all", async () => {
      await leases.release(await take("a", noon), noon + 2 * minute);
      await take("a", noon + 2 * minute);
      expect(await take("a", noon + 3 * minute)).toMatchObject({ holder: "a" });
    });

    test("a shard that has been given back is anyone's at once, with its cursors, and no longer its last holder's", async () => {
      const lease = await take("a", noon);
      await leases.saveCursor(lease, "band", { since: 1 });
      await leases.release(lease);
      expect(await leases.saveCursor(lease, "band", { since: 2 })).toBe("stale");
      expect(await take("b", noon)).toEqual({ shard: 0, holder: "b", cursors: { band: { since: 1 } } });
      expect(await leases.take(0, "a", noon, noon + minute)).toBeUndefined();
    });

    test("one who has lost the shard can neither give it back nor pause it", async () => {
      const lost = await take("a", noon);
      await take("b", noon + minute);
      await leases.release(lost);
      expect(await leases.take(0, "c", noon + minute, noon + 2 * minute)).toBeUndefined();
      await leases.release(lost, noon + 60 * minute);
      expect(await take("b", noon + 2 * minute)).toMatchObject({ holder: "b" });
    });
  });
}
