import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import type { AuditStore } from "../../../functions/core/audits/ports.ts";
import { type IssuerShard, shardOf, shards } from "../../../functions/core/shared/lanes.ts";
import type { AuditLanes, LanePosition, LaneRow } from "../../../functions/core/tracking/ports.ts";
import { noon } from "../../support/fake-clock.ts";
import { idsInShard } from "../../support/polling/shard-ids.ts";
import { openAudit, submittingAudit } from "../../support/sample-audits.ts";
import { always, idsOf, type OpenAuditLanes, of, openAt, shard } from "./lane-samples.ts";

export function describeAuditLanesContract(name: string, open: () => Promise<OpenAuditLanes>): void {
  describe(`AuditLanes: ${name}`, () => {
    let audits: AuditStore;
    let lanes: AuditLanes;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ audits, lanes, close } = await open());
    });
    afterEach(() => close());

    const store = (all: readonly Audit[]) => Promise.all(all.map((audit) => audits.create(audit)));

    test("an open audit is in the shard of its id and in no other", async () => {
      const audit = openAudit();
      await store([audit]);
      for (const each of shards) {
        const { rows } = await lanes.open({ organizationId: "org", shard: each }, always, undefined, 10);
        expect(idsOf(rows)).toEqual(each === shardOf(audit.auditId) ? [audit.auditId] : []);
      }
    });

    test("a row has all that a poll needs", async () => {
      const [auditId = ""] = idsInShard(shard, 1);
      const row = { organizationId: "org", auditId, laneAt: noon, kardAuditId: "kard-1", status: "NEW" as const };
      const undated = openAudit(row);
      await store([undated]);
      expect((await lanes.open(of, always, undefined, 10)).rows).toEqual([row]);
      await audits.update(undated, { ...undated, dueAt: noon + 9 }, []);
      expect((await lanes.open(of, always, undefined, 10)).rows).toEqual([{ ...row, dueAt: noon + 9 }]);
    });

    test("a row has the audit's current status", async () => {
      const [audit = openAudit()] = openAt([noon]);
      await store([audit]);
      await audits.update(audit, { ...audit, status: "IN_PROGRESS" }, ["status"]);
      const { rows } = await lanes.open(of, always, undefined, 10);
      expect(rows).toMatchObject([{ status: "IN_PROGRESS", laneAt: noon }]);
    });

    test("an audit leaves one lane when it enters the next, and all lanes when it is settled", async () => {
      const [auditId = ""] = idsInShard(shard, 1);
      const waiting = submittingAudit({ auditId, laneAt: noon });
      const accepted = openAudit({ auditId });
      const recheck: Audit = { ...accepted, lane: "RECHECK", laneAt: noon + 5 };
      const { lane: _lane, laneAt: _laneAt, ...rest } = accepted;
      const closed: Audit = { ...rest, status: "CLOSED" };
      const followed: Audit = { ...closed, lane: "FOLLOWUP", laneAt: noon + 7 };
      const where = async () => ({
        submit: idsOf((await lanes.due("SUBMIT", of, noon + 60_000, 10)).rows),
        open: idsOf((await lanes.open(of, always, undefined, 10)).rows),
        recheck: idsOf((await lanes.due("RECHECK", of, noon + 60_000, 10)).rows),
        followUp: idsOf((await lanes.due("FOLLOWUP", of, noon + 60_000, 10)).rows),
      });

      await store([waiting]);
      expect(await where()).toEqual({ submit: [auditId], open: [], recheck: [], followUp: [] });
      await audits.update(waiting, accepted, []);
      expect(await where()).toEqual({ submit: [], open: [auditId], recheck: [], followUp: [] });
      await audits.update(accepted, recheck, []);
      expect(await where()).toEqual({ submit: [], open: [], recheck: [auditId], followUp: [] });
      await audits.update(recheck, followed, []);
      expect(await where()).toEqual({ submit: [], open: [], recheck: [], followUp: [auditId] });
      expect((await lanes.due("FOLLOWUP", of, noon + 6, 10)).rows).toEqual([]);
      await audits.update(followed, closed, []);
      expect(await where()).toEqual({ submit: [], open: [], recheck: [], followUp: [] });
    });

    test("an issuer's lanes are its own, whatever characters its name has", async () => {
      const [auditId = ""] = idsInShard(shard, 1);
      const names = ["org", "org#3", "org%233", "or", "🏦"];
      for (const organizationId of names) {
        await store([openAudit({ organizationId, auditId, laneAt: noon })]);
        await store([submittingAudit({ organizationId, auditId: idsInShard(shard, 2)[1] ?? "", laneAt: noon })]);
      }
      for (const organizationId of names) {
        const its = { organizationId, shard };
        expect((await lanes.open(its, always, undefined, 10)).rows).toMatchObject([{ organizationId, auditId }]);
        expect((await lanes.due("SUBMIT", its, noon, 10)).rows).toMatchObject([{ organizationId }]);
      }
    });

    test("a window includes both its ends", async () => {
      const all = openAt([noon - 1, noon, noon + 5, noon + 10, noon + 11]);
      await store(all);
      const { rows } = await lanes.open(of, { from: noon, to: noon + 10 }, undefined, 10);
      expect(rows.map(({ laneAt }) => laneAt)).toEqual([noon, noon + 5, noon + 10]);
    });

    test("the oldest open audit is the one accepted first", async () => {
      expect(await lanes.oldestOpen(of)).toBeUndefined();
      await store(openAt([noon + 7, noon - 7, noon]));
      expect(await lanes.oldestOpen(of)).toBe(noon - 7);
    });

    test("a page resumes after a row that has left the lane", async () => {
      const all = openAt([noon, noon + 1, noon + 2]);
      await store(all);
      const [first, second] = (await lanes.open(of, always, undefined, 2)).rows;
      if (second === undefined) throw new Error("there is no second row");
      const { lane: _lane, laneAt: _laneAt, ...closed } = all[1] ?? openAudit();
      await audits.update(all[1] ?? openAudit(), { ...closed, status: "CLOSED" }, []);
      const { rows } = await lanes.open(of, { from: noon, to: noon + 9 }, second, 5);
      expect(rows).toMatchObject([{ laneAt: noon + 2 }]);
      expect(first?.laneAt).toBe(noon);
    });

    test("pages of any size have every audit of a window once, oldest first, even with equal times", async () => {
      const offsets = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 25 });
      const ends = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 }));
      let start = noon;
      await fc.assert(
        fc.asyncProperty(offsets, ends, fc.integer({ min: 1, max: 7 }), async (offsetsOfRun, [a, b], size) => {
          start += 1_000;
          const window = { from: start + Math.min(a, b), to: start + Math.max(a, b) };
          const organizationId = `org-${start}`;
          const all = openAt(offsetsOfRun.map((offset) => start + offset)).map((audit) => ({
            ...audit,
            organizationId,
          }));
          await store(all);
          const seen = await everyPage(lanes, { organizationId, shard }, window, size);
          const expected = all.filter(({ laneAt = 0 }) => laneAt >= window.from && laneAt <= window.to);
          expect(idsOf(seen).sort()).toEqual(expected.map(({ auditId }) => auditId).sort());
          const times = seen.map(({ laneAt }) => laneAt);
          expect(times).toEqual(times.toSorted((x, y) => x - y));
        }),
        { numRuns: 25 },
      );
    });
  });
}

async function everyPage(
  lanes: AuditLanes,
  of: IssuerShard,
  window: { from: number; to: number },
  size: number,
): Promise<LaneRow[]> {
  const seen: LaneRow[] = [];
  let after: LanePosition | undefined;
  for (;;) {
    const { rows, next } = await lanes.open(of, window, after, size);
    expect(rows.length).toBeLessThanOrEqual(size);
    seen.push(...rows);
    if (next === undefined) return seen;
    after = next;
  }
}
