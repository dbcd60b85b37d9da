import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { OpenCircuit, OpenCircuitStore } from "../../../functions/core/tracking/ports.ts";
import { noon } from "../../support/fake-clock.ts";

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

    test("recorded circuits are listed, one per issuer", async () => {
      expect(await openCircuits.list()).toEqual([]);
      await openCircuits.record(refused);
      await openCircuits.record({ ...refused, organizationId: "bank", reason: "hanging" });
      const listed = await openCircuits.list();
      expect(listed).toHaveLength(2);
      expect(listed).toContainEqual(refused);
      expect(listed).toContainEqual({ ...refused, organizationId: "bank", reason: "hanging" });
    });

    test("a changed circuit keeps its start", async () => {
      await openCircuits.record(refused);
      await openCircuits.record({ ...refused, reason: "throttled", since: noon + 5, pausedUntil: noon + 99 });
      expect(await openCircuits.list()).toEqual([{ ...refused, reason: "throttled", pausedUntil: noon + 99 }]);
    });

    test("a longer pause of another poller stays", async () => {
      await openCircuits.record({ ...refused, reason: "throttled", pausedUntil: noon + 99 });
      await openCircuits.record({ ...refused, pausedUntil: noon + 98 });
      expect(await openCircuits.list()).toEqual([{ ...refused, reason: "throttled", pausedUntil: noon + 99 }]);
    });

    test("a circuit that is as it was seen is cleared", async () => {
      await openCircuits.record(refused);
      await openCircuits.clear(refused);
      expect(await openCircuits.list()).toEqual([]);
      await openCircuits.clear(refused);
      expect(await openCircuits.list()).toEqual([]);
    });

    test("a circuit that was recorded again since it was seen is not cleared", async () => {
      await openCircuits.record(refused);
      const paused = { ...refused, reason: "throttled" as const, pausedUntil: noon + 99 };
      await openCircuits.record(paused);
      await openCircuits.clear(refused);
      expect(await openCircuits.list()).toEqual([paused]);
    });
  });
}
