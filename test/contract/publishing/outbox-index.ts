import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AuditStore } from "../../../functions/core/audits/ports.ts";
import type { OutboxIndex } from "../../../functions/core/publishing/ports.ts";
import { shardOf, shards } from "../../../functions/core/shared/lanes.ts";
import { noon } from "../../support/fake-clock.ts";
import { idsInShard } from "../../support/polling/shard-ids.ts";
import { openAudit } from "../../support/sample-audits.ts";

export interface OpenOutboxIndex {
  audits: AuditStore;
  outbox: OutboxIndex;
  close: () => Promise<void>;
}

const shardOfAudit = (auditId: string) => ({ organizationId: "org", shard: shardOf(auditId) });

export function describeOutboxIndexContract(name: string, open: () => Promise<OpenOutboxIndex>): void {
  describe(`OutboxIndex: ${name}`, () => {
    let audits: AuditStore;
    let outbox: OutboxIndex;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ audits, outbox, close } = await open());
    });
    afterEach(() => close());

    test("a stale outbox entry is restored by an update that read it", async () => {
      const quiet = openAudit();
      const { auditId } = quiet;
      const seen = { ...quiet, outboxAt: noon + 10 };
      await audits.create(seen);
      await audits.update(seen, quiet, []);
      await audits.update(seen, { ...seen, outboxAt: noon + 20 }, ["sequence"]);
      expect((await outbox.due(shardOfAudit(auditId), noon + 20, 10)).rows).toMatchObject([
        { organizationId: "org", auditId },
      ]);
    });

    test("an audit is in the outbox from its time on, until it is removed", async () => {
      const quiet = openAudit();
      const { auditId } = quiet;
      const of = shardOfAudit(auditId);
      const noisy = { ...quiet, outboxAt: noon + 10 };
      await audits.create(quiet);
      expect((await outbox.due(of, noon + 99, 10)).rows).toEqual([]);
      await audits.update(quiet, noisy, []);
      expect((await outbox.due(of, noon + 9, 10)).rows).toEqual([]);
      expect((await outbox.due(of, noon + 10, 10)).rows).toMatchObject([{ organizationId: "org", auditId }]);
      await audits.update(noisy, quiet, []);
      expect((await outbox.due(of, noon + 99, 10)).rows).toEqual([]);
    });

    test("an audit is only in the outbox of its own shard", async () => {
      const audit = openAudit({ outboxAt: noon });
      await audits.create(audit);
      const found = await Promise.all(shards.map((shard) => outbox.due({ organizationId: "org", shard }, noon, 10)));
      expect(found.map(({ rows }) => rows.length)).toEqual(
        shards.map((shard) => (shard === shardOf(audit.auditId) ? 1 : 0)),
      );
    });

    test("a settled audit is in the outbox like any other", async () => {
      const { lane: _lane, laneAt: _laneAt, ...closed } = openAudit({ status: "CLOSED", outboxAt: noon });
      await audits.create(closed);
      expect((await outbox.due(shardOfAudit(closed.auditId), noon, 10)).rows).toHaveLength(1);
    });

    test("pages of an issuer's outbox have the position of the next, and no other issuer's rows", async () => {
      const shard = 2;
      const of = { organizationId: "org#1", shard };
      const ids = idsInShard(shard, 3);
      for (const [index, auditId] of ids.entries()) {
        await audits.create(openAudit({ organizationId: "org#1", auditId, outboxAt: noon + index }));
        await audits.create(openAudit({ organizationId: "org", auditId, outboxAt: noon }));
      }
      const first = await outbox.due(of, noon + 9, 2);
      expect(first.rows).toEqual([
        { organizationId: "org#1", auditId: ids[0], outboxAt: noon },
        { organizationId: "org#1", auditId: ids[1], outboxAt: noon + 1 },
      ]);
      const second = await outbox.due(of, noon + 9, 2, first.next);
      expect(second).toEqual({
        rows: [{ organizationId: "org#1", auditId: ids[2], outboxAt: noon + 2 }],
        next: undefined,
      });
    });

    test("the oldest come first, up to the limit", async () => {
      const shard = 5;
      const ids = idsInShard(shard, 3);
      const times = [noon, noon - 20, noon - 10];
      await Promise.all(
        times.map((outboxAt, index) => audits.create(openAudit({ auditId: ids[index] ?? "", outboxAt }))),
      );
      const of = { organizationId: "org", shard };
      expect((await outbox.due(of, noon, 2)).rows.map(({ auditId }) => auditId)).toEqual([ids[1], ids[2]]);
    });
  });
}
