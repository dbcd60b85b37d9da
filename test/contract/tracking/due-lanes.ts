import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import type { AuditStore } from "../../../functions/core/audits/ports.ts";
import { isAdoption } from "../../../functions/core/tracking/adoption.ts";
import type { AdoptionStore, AuditLanes, DuePosition, DueRow } from "../../../functions/core/tracking/ports.ts";
import { noon } from "../../support/fake-clock.ts";
import { idsInShard } from "../../support/polling/shard-ids.ts";
import { pendingAdoption, submittingAudit } from "../../support/sample-audits.ts";
import { always, idsOf, type OpenAuditLanes, of, shard } from "./lane-samples.ts";

/** The lanes whose rows are due at a time: `SUBMIT`, `RECHECK` and `FOLLOWUP`. */
export function describeDueLanesContract(name: string, open: () => Promise<OpenAuditLanes>): void {
  describe(`AuditLanes, rows that are due: ${name}`, () => {
    let audits: AuditStore;
    let adoptions: AdoptionStore;
    let lanes: AuditLanes;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ audits, adoptions, lanes, close } = await open());
    });
    afterEach(() => close());

    const store = (all: readonly Audit[]) => Promise.all(all.map((audit) => audits.create(audit)));

    test("due rows come in pages with the position of the next, even after a row has moved", async () => {
      const ids = idsInShard(shard, 3);
      const all = ids.map((auditId, index) => submittingAudit({ auditId, laneAt: noon + index }));
      await store(all);
      const first = await lanes.due("SUBMIT", of, noon + 9, 1);
      expect(idsOf(first.rows)).toEqual([ids[0]]);
      const [moved = submittingAudit()] = all;
      await audits.update(moved, { ...moved, laneAt: noon + 99 }, []);
      const second = await lanes.due("SUBMIT", of, noon + 9, 9, first.next);
      expect(idsOf(second.rows)).toEqual(ids.slice(1));
      expect(second.next).toBeUndefined();
    });

    test("an audit is postponed only from where it was seen", async () => {
      const [auditId = ""] = idsInShard(shard, 1);
      await store([submittingAudit({ auditId, laneAt: noon })]);
      const [row] = (await lanes.due("SUBMIT", of, noon, 10)).rows;
      if (row === undefined) throw new Error("there is no row");
      await lanes.postpone("RECHECK", row, noon + 9);
      await lanes.postpone("SUBMIT", { ...row, laneAt: noon - 1 }, noon + 9);
      expect((await lanes.due("SUBMIT", of, noon, 10)).rows).toHaveLength(1);
      await lanes.postpone("SUBMIT", row, noon + 9);
      expect((await lanes.due("SUBMIT", of, noon + 8, 10)).rows).toEqual([]);
      expect((await lanes.due("SUBMIT", of, noon + 9, 10)).rows).toHaveLength(1);
      await lanes.postpone("SUBMIT", { ...row, auditId: "never was" }, noon + 9);
      expect(await audits.get({ organizationId: "org", auditId: "never was" })).toBeUndefined();
    });

    test("an adoption is in lane SUBMIT of its Kard id's shard until it is removed", async () => {
      const [kardAuditId = ""] = idsInShard(shard, 1);
      const adoption = pendingAdoption({ kardAuditId, laneAt: noon + 5 });
      await adoptions.add(adoption);
      const due = async (lane: "SUBMIT" | "RECHECK", now: number) => (await lanes.due(lane, of, now, 10)).rows;
      expect(await due("SUBMIT", noon + 4)).toEqual([]);
      expect(await due("SUBMIT", noon + 5)).toEqual([{ organizationId: "org", kardAuditId, laneAt: noon + 5 }]);
      expect(await due("RECHECK", noon + 5)).toEqual([]);
      expect((await lanes.open(of, always, undefined, 10)).rows).toEqual([]);
      expect((await lanes.due("SUBMIT", { organizationId: "other", shard }, noon + 5, 10)).rows).toEqual([]);
      await adoptions.postpone(adoption, { attempts: 2, laneAt: noon + 9 });
      expect(await due("SUBMIT", noon + 8)).toEqual([]);
      expect(await due("SUBMIT", noon + 9)).toHaveLength(1);
      await adoptions.remove({ ...adoption, laneAt: noon + 9 });
      expect(await due("SUBMIT", noon + 9)).toEqual([]);
    });

    test("audits and adoptions of a lane share its pages", async () => {
      const ids = idsInShard(shard, 6);
      for (const [index, id] of ids.entries()) {
        const laneAt = noon + index;
        if (index % 2 === 0) await store([submittingAudit({ auditId: id, laneAt })]);
        else await adoptions.add(pendingAdoption({ kardAuditId: id, laneAt }));
      }
      for (const size of [1, 2, 3, 7]) {
        const seen: DueRow[] = [];
        let after: DuePosition | undefined;
        do {
          const page = await lanes.due("SUBMIT", of, noon + 9, size, after);
          expect(page.errors).toEqual([]);
          seen.push(...page.rows);
          after = page.next;
        } while (after !== undefined);
        expect(idsOf(seen)).toEqual(ids);
        expect(seen.map(isAdoption)).toEqual([false, true, false, true, false, true]);
      }
    });

    test("an adoption's row is postponed only from where it was seen", async () => {
      const [kardAuditId = ""] = idsInShard(shard, 1);
      await adoptions.add(pendingAdoption({ kardAuditId }));
      const row = { organizationId: "org", kardAuditId, laneAt: noon };
      await lanes.postpone("SUBMIT", { ...row, laneAt: noon - 1 }, noon + 9);
      expect((await lanes.due("SUBMIT", of, noon, 10)).rows).toEqual([row]);
      await lanes.postpone("SUBMIT", row, noon + 9);
      expect((await lanes.due("SUBMIT", of, noon + 8, 10)).rows).toEqual([]);
      await lanes.postpone("SUBMIT", { ...row, kardAuditId: "never was" }, noon + 9);
      expect(await adoptions.get({ organizationId: "org", kardAuditId: "never was" })).toBeUndefined();
    });

    test("rows are due at their exact time, oldest first, up to the limit", async () => {
      const ids = idsInShard(shard, 4);
      const times = [noon + 1, noon, noon - 10, noon - 5];
      await store(times.map((laneAt, index) => submittingAudit({ auditId: ids[index] ?? "", laneAt })));
      expect(idsOf((await lanes.due("SUBMIT", of, noon, 10)).rows)).toEqual([ids[2], ids[3], ids[1]]);
      expect(idsOf((await lanes.due("SUBMIT", of, noon, 2)).rows)).toEqual([ids[2], ids[3]]);
    });
  });
}
