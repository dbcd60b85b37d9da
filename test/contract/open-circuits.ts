import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { OpenCircuit, OpenCircuitStore } from "../../functions/core/tracking/ports.ts";
import { noon } from "../support/fake-clock.ts";

export interface OpenOpenCircuits {
  openCircuits: OpenCircuitStore;
  close: () => Promise<void>;
}

const refused: OpenCircuit = { organizationId: "bank#a", reason: "unauthorized", since: noon, pausedUntil: noon };

export function describeOpenCircuitsContract(name: string, open: () => Promise<OpenOpenCircuits>): void {
  describe(`OpenCircuitStore: ${name}`, () => {
    let openCircuits: OpenCircuitStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ openCircuits, close } = await open());
    });
    afterEach(() => close());

    test("those that were recorded are listed, one an issuer", async () => {
      expect(await openCircuits.list()).toEqual([]);
      await openCircuits.record(refused);
      await openCircuits.record({ ...refused, organizationId: "bank", reason: "hanging" });
      const listed = await openCircuits.list();
      expect(listed).toHaveLength(2);
      expect(listed).toContainEqual(refused);
      expect(listed).toContainEqual({ ...refused, organizationId: "bank", reason: "hanging" });
    });

    test("a trouble that changes began when it began", async () => {
      await openCircuits.record(refused);
      await openCircuits.record({ ...refused, reason: "throttled", since: noon + 5, pausedUntil: noon + 99 });
      expect(await openCircuits.list()).toEqual([{ ...refused, reason: "throttled", pausedUntil: noon + 99 }]);
    });

    test("a longer pause that another poller has recorded stands", async () => {
      await openCircuits.record({ ...refused, reason: "throttled", pausedUntil: noon + 99 });
      await openCircuits.record({ ...refused, pausedUntil: noon + 98 });
      expect(await openCircuits.list()).toEqual([{ ...refused, reason: "throttled", pausedUntil: noon + 99 }]);
    });

    test("a trouble is over for whoever has seen it as it stands", async () => {
      await openCircuits.record(refused);
      await openCircuits.clear(refused);
      expect(await openCircuits.list()).toEqual([]);
      await openCircuits.clear(refused);
      expect(await openCircuits.list()).toEqual([]);
    });

    test("a trouble that was recorded anew since it was seen is not over", async () => {
      await openCircuits.record(refused);
      const paused = { ...refused, reason: "throttled" as const, pausedUntil: noon + 99 };
      await openCircuits.record(paused);
      await openCircuits.clear(refused);
      expect(await openCircuits.list()).toEqual([paused]);
    });
  });
}
