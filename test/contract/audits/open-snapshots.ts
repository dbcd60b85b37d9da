import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { OpenSnapshotStore } from "../../../functions/core/stats/ports.ts";
import { noon } from "../../support/fake-clock.ts";

export interface OpenOpenSnapshots {
  openSnapshots: OpenSnapshotStore;
  close: () => Promise<void>;
}

const counted = {
  ...{ asOf: noon, audits: 3, byAge: { "0-7": { NEW: 2, IN_PROGRESS: 1 }, "over-90": {} }, amounts: { USD: 1250 } },
  ...{ isComplete: true, askedAt: noon - 5 },
};

export function describeOpenSnapshotsContract(name: string, open: () => Promise<OpenOpenSnapshots>): void {
  describe(`OpenSnapshotStore: ${name}`, () => {
    let store: OpenSnapshotStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ openSnapshots: store, close } = await open());
    });
    afterEach(() => close());

    test("a snapshot is read as it was stored, by its issuer alone", async () => {
      const snapshot = { ...counted, oldestDueAt: noon - 1, laneAt: noon + 1, revision: 1 };
      expect(await store.put("org#1", snapshot)).toBe("done");
      expect(await store.get("org#1")).toEqual(snapshot);
      expect(await store.get("org")).toBeUndefined();
    });

    test("a snapshot is stored on the condition that nobody has stored another since", async () => {
      expect(await store.put("org", { ...counted, revision: 2 })).toBe("stale");
      expect(await store.put("org", { ...counted, revision: 1 })).toBe("done");
      expect(await store.put("org", { ...counted, audits: 4, revision: 1 })).toBe("stale");
      expect(await store.put("org", { ...counted, audits: 5, revision: 2 })).toBe("done");
      expect(await store.get("org")).toEqual({ ...counted, audits: 5, revision: 2 });
    });

    test("issuers are due at the times of their snapshots, the oldest first", async () => {
      await store.put("later", { ...counted, laneAt: noon + 1, revision: 1 });
      await store.put("second", { ...counted, laneAt: noon, revision: 1 });
      await store.put("org#1", { ...counted, laneAt: noon - 9, revision: 1 });
      await store.put("never", { ...counted, revision: 1 });
      await store.put("no longer", { ...counted, laneAt: noon - 20, revision: 1 });
      await store.put("no longer", { ...counted, revision: 2 });
      expect(await store.due(noon, 9)).toEqual(["org#1", "second"]);
      expect(await store.due(noon, 1)).toEqual(["org#1"]);
    });
  });
}
