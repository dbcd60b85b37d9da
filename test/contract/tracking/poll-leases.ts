import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { PollLease, PollLeases } from "../../../functions/core/tracking/ports.ts";
import { noon } from "../../support/fake-clock.ts";

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

    test("a shard without a lease is free", async () => {
      const lease = await leases.take(4, "a", noon, noon + minute);
      expect(lease).toEqual({ shard: 4, holder: "a", generation: expect.any(Number) });
    });

    test("a leased shard is not leased to another holder", async () => {
      await take("a", noon);
      expect(await leases.take(0, "b", noon + minute - 1, noon + 2 * minute)).toBeUndefined();
    });

    test("of concurrent requests for a shard exactly one succeeds", async () => {
      const taken = await Promise.all(
        Array.from({ length: 20 }, (_, n) => leases.take(0, `poller-${n}`, noon, noon + minute)),
      );
      expect(taken.filter((lease) => lease !== undefined)).toHaveLength(1);
    });

    test("the holder can renew its lease at any time", async () => {
      await take("a", noon);
      await take("a", noon + 1_000);
      expect(await leases.take(0, "b", noon + minute, noon + 2 * minute)).toBeUndefined();
    });

    test("a lease ends at its exact end", async () => {
      await take("a", noon);
      expect(await take("b", noon + minute)).toMatchObject({ holder: "b" });
    });

    test("shards are leased separately", async () => {
      await take("a", noon, 0);
      expect(await take("b", noon, 1)).toMatchObject({ shard: 1 });
    });

    test("each lease of a shard has a higher generation", async () => {
      const first = await take("a", noon);
      const second = await take("a", noon);
      const third = await take("b", noon + minute);
      expect(second.generation).toBeGreaterThan(first.generation);
      expect(third.generation).toBeGreaterThan(second.generation);
    });

    test("a released shard is free at once, and its generations continue", async () => {
      const lease = await take("a", noon);
      await leases.release(lease);
      const next = await take("b", noon);
      expect(next.generation).toBeGreaterThan(lease.generation);
      expect(await leases.take(0, "a", noon, noon + minute)).toBeUndefined();
    });

    test("a holder that lost the shard cannot release it", async () => {
      const lost = await take("a", noon);
      await take("b", noon + minute);
      await leases.release(lost);
      expect(await leases.take(0, "c", noon + minute, noon + 2 * minute)).toBeUndefined();
    });
  });
}
