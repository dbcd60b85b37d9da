import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { IssuerDirectory } from "../../../functions/core/audits/ports.ts";
import type { AdoptionStore } from "../../../functions/core/tracking/ports.ts";
import { noon } from "../../support/fake-clock.ts";
import { pendingAdoption } from "../../support/sample-audits.ts";
import { trickyText } from "../shared/tricky-text.ts";

export interface OpenAdoptionStore {
  adoptions: AdoptionStore;
  issuers: IssuerDirectory;
  close: () => Promise<void>;
}

export function describeAdoptionStoreContract(name: string, open: () => Promise<OpenAdoptionStore>): void {
  describe(`AdoptionStore: ${name}`, () => {
    let adoptions: AdoptionStore;
    let issuers: IssuerDirectory;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ adoptions, issuers, close } = await open());
    });
    afterEach(() => close());

    test("an adoption is read as it was added, and its issuer is in the directory", async () => {
      const adoption = pendingAdoption();
      expect(await adoptions.get(adoption)).toBeUndefined();
      expect(await adoptions.add(adoption)).toEqual(adoption);
      expect(await adoptions.get(adoption)).toEqual(adoption);
      expect(await issuers.list()).toEqual(["org"]);
    });

    test("adding an existing adoption keeps the first", async () => {
      await adoptions.add(pendingAdoption());
      const again = pendingAdoption({ userId: "other", createdAt: noon + 1, laneAt: noon + 1 });
      expect(await adoptions.add(again)).toEqual(pendingAdoption());
      expect(await adoptions.get(again)).toEqual(pendingAdoption());
    });

    test("of concurrent additions one is stored, and all get it", async () => {
      const all = Array.from({ length: 10 }, (_, n) => adoptions.add(pendingAdoption({ userId: `user-${n}` })));
      const users = new Set((await Promise.all(all)).map(({ userId }) => userId));
      expect([...users]).toEqual([(await adoptions.get(pendingAdoption()))?.userId]);
    });

    test("a postponed adoption has its attempts and its next try", async () => {
      await adoptions.add(pendingAdoption());
      expect(await adoptions.postpone(pendingAdoption(), { attempts: 2, laneAt: noon + 9 })).toBe("done");
      expect(await adoptions.get(pendingAdoption())).toEqual(pendingAdoption({ attempts: 2, laneAt: noon + 9 }));
    });

    test("postponing fails if the adoption was postponed or removed meanwhile", async () => {
      await adoptions.add(pendingAdoption());
      await adoptions.postpone(pendingAdoption(), { attempts: 2, laneAt: noon + 9 });
      expect(await adoptions.postpone(pendingAdoption(), { attempts: 7, laneAt: noon + 1 })).toBe("stale");
      expect(await adoptions.get(pendingAdoption())).toMatchObject({ attempts: 2, laneAt: noon + 9 });
      const gone = pendingAdoption({ kardAuditId: "gone" });
      expect(await adoptions.postpone(gone, { attempts: 2, laneAt: noon + 9 })).toBe("stale");
      expect(await adoptions.get(gone)).toBeUndefined();
    });

    test("an adoption is removed once, and can be added again", async () => {
      await adoptions.add(pendingAdoption());
      expect(await adoptions.remove(pendingAdoption())).toBe("done");
      expect(await adoptions.get(pendingAdoption())).toBeUndefined();
      expect(await adoptions.remove(pendingAdoption())).toBe("stale");
      const anew = pendingAdoption({ userId: "other" });
      expect(await adoptions.add(anew)).toEqual(anew);
    });

    test.each([
      ["postponed", { laneAt: noon + 9 }],
      ["removed and added again", { createdAt: noon + 1 }],
    ])("an adoption that was %s meanwhile is not removed", async (_, changes) => {
      const stored = pendingAdoption(changes);
      await adoptions.add(stored);
      expect(await adoptions.remove(pendingAdoption())).toBe("stale");
      expect(await adoptions.get(stored)).toEqual(stored);
    });

    test("different keys give different adoptions, whatever characters they have", async () => {
      const key = fc.record({ organizationId: trickyText, kardAuditId: trickyText });
      const keys = fc.uniqueArray(key, { minLength: 2, maxLength: 8, selector: (one) => JSON.stringify(one) });
      await fc.assert(
        fc.asyncProperty(keys, async (all) => {
          for (const [n, one] of all.entries()) await adoptions.add(pendingAdoption({ ...one, userId: `${n}` }));
          for (const [n, one] of all.entries())
            expect(await adoptions.get(one)).toMatchObject({ ...one, userId: `${n}` });
          for (const one of all) expect(await adoptions.remove(pendingAdoption(one))).toBe("done");
        }),
        { numRuns: 20 },
      );
    });
  });
}
