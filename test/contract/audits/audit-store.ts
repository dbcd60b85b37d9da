import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Audit, AuditEvent } from "../../../functions/core/audits/audit.ts";
import type { AuditStore } from "../../../functions/core/audits/ports.ts";
import { noon } from "../../support/fake-clock.ts";
import { aRequest, openAudit, submittingAudit } from "../../support/sample-audits.ts";
import { trickyText } from "../shared/tricky-text.ts";

export interface OpenAuditStore {
  audits: AuditStore;
  close: () => Promise<void>;
}

function eventOf(sequence: number): AuditEvent {
  return { id: `evt_${sequence}`, type: "audit.in_progress", at: noon + sequence, body: `{"sequence":${sequence}}` };
}

export function describeAuditStoreContract(name: string, open: () => Promise<OpenAuditStore>): void {
  describe(`AuditStore: ${name}`, () => {
    let audits: AuditStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ audits, close } = await open());
    });
    afterEach(() => close());

    test("an unknown audit is not found", async () => {
      expect(await audits.get({ organizationId: "org", auditId: "none" })).toBeUndefined();
    });

    test("an audit is read as it was created", async () => {
      const audit = openAudit({ events: { e1: eventOf(1) }, sequence: 1, outboxAt: noon + 60_000 });
      expect(await audits.create(audit)).toEqual({ outcome: "created" });
      expect(await audits.get(audit)).toEqual(audit);
    });

    test("many are read together; missing ones are left out", async () => {
      const many = Array.from({ length: 110 }, (_, n) => openAudit({ auditId: `audit#${n}` }));
      for (const audit of many.slice(1)) await audits.create(audit);
      const found = await audits.getAll(many);
      expect(found).toHaveLength(109);
      expect(found).toEqual(expect.arrayContaining(many.slice(1)));
      expect(await audits.getAll([])).toEqual([]);
    });

    test("creating an existing id returns the first audit and changes nothing", async () => {
      const first = submittingAudit({ fingerprint: "first" });
      await audits.create(first);
      const again = await audits.create(submittingAudit({ fingerprint: "second" }));
      expect(again).toEqual({ outcome: "exists", existing: first });
      expect(await audits.get(first)).toEqual(first);
    });

    test("of concurrent creates of one id exactly one succeeds", async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, n) => audits.create(submittingAudit({ fingerprint: String(n) }))),
      );
      expect(outcomes.filter(({ outcome }) => outcome === "created")).toHaveLength(1);
    });

    test("the same id of another organization is another audit", async () => {
      await audits.create(submittingAudit({ organizationId: "one" }));
      expect(await audits.get(submittingAudit({ organizationId: "two" }))).toBeUndefined();
    });

    test("an update writes changed attributes and removes missing ones", async () => {
      const before = openAudit({ failingSince: noon });
      await audits.create(before);
      const { lane: _lane, laneAt: _laneAt, failingSince: _failingSince, ...rest } = before;
      const after: Audit = { ...rest, status: "CLOSED", settledAt: noon + 1 };
      expect(await audits.update(before, after, ["status"])).toBe("done");
      expect(await audits.get(before)).toEqual(after);
    });

    test("an update keeps attributes that it does not change", async () => {
      const seen = openAudit();
      await audits.create(seen);
      await audits.update(seen, { ...seen, overdueAt: noon + 1 }, ["status"]);
      await audits.update(seen, { ...seen, failingSince: noon + 2 }, ["status"]);
      expect(await audits.get(seen)).toMatchObject({ overdueAt: noon + 1, failingSince: noon + 2 });
    });

    test("an update of a missing audit is stale and creates nothing", async () => {
      const audit = openAudit();
      expect(await audits.update(audit, { ...audit, laneAt: noon + 1 }, [])).toBe("stale");
      expect(await audits.get(audit)).toBeUndefined();
    });

    test("a new event does not overwrite a concurrent mark on an older one", async () => {
      const seen = openAudit({ sequence: 1, events: { e1: eventOf(1) } });
      await audits.create(seen);
      const marked = { ...eventOf(1), publishedAt: noon + 5 };
      await audits.update(seen, { ...seen, events: { e1: marked } }, []);
      await audits.update(seen, { ...seen, events: { ...seen.events, e2: eventOf(2) } }, []);
      expect((await audits.get(seen))?.events).toEqual({ e1: marked, e2: eventOf(2) });
    });

    test("a mark does not remove a concurrent event", async () => {
      const seen = openAudit({ sequence: 1, events: { e1: eventOf(1) } });
      await audits.create(seen);
      const marked = { ...eventOf(1), publishedAt: noon + 5 };
      await audits.update(seen, { ...seen, events: { ...seen.events, e2: eventOf(2) } }, []);
      await audits.update(seen, { ...seen, events: { e1: marked } }, []);
      expect((await audits.get(seen))?.events).toEqual({ e1: marked, e2: eventOf(2) });
    });

    test("ids and transactions of any characters neither collide nor change", async () => {
      const audit = fc.record({ organizationId: trickyText, auditId: trickyText, transactionId: trickyText });
      const selector = ({ organizationId, auditId }: { organizationId: string; auditId: string }) =>
        JSON.stringify([organizationId, auditId]);
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(audit, { maxLength: 8, selector }), async (keys) => {
          const run = `${++runs}#`;
          const all = keys.map(({ organizationId, auditId, transactionId }) =>
            submittingAudit({
              organizationId,
              auditId: run + auditId,
              request: { ...aRequest, transactionId },
            }),
          );
          const outcomes = await Promise.all(all.map((one) => audits.create(one)));
          expect(outcomes.filter(({ outcome }) => outcome === "created")).toHaveLength(all.length);
          expect(await Promise.all(all.map((one) => audits.get(one)))).toEqual(all);
        }),
        { numRuns: 30 },
      );
    });
  });
}
