import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import type { AuditGuard, AuditStore } from "../../../functions/core/audits/ports.ts";
import { noon } from "../../support/fake-clock.ts";
import { openAudit } from "../../support/sample-audits.ts";
import type { OpenAuditStore } from "./audit-store.ts";

/** Updates that are conditional on values which the caller has read. */
export function describeGuardedUpdatesContract(name: string, open: () => Promise<OpenAuditStore>): void {
  describe(`AuditStore, guarded updates: ${name}`, () => {
    let audits: AuditStore;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ audits, close } = await open());
    });
    afterEach(() => close());

    const changed = {
      status: { status: "IN_PROGRESS" },
      sequence: { sequence: 7 },
      laneAt: { laneAt: noon + 7 },
      outboxAt: { outboxAt: noon + 7 },
      submitAttempts: { submitAttempts: 7 },
      annotationsRevision: { annotationsRevision: 7 },
    } as const satisfies Record<AuditGuard, Partial<Audit>>;
    const guards = Object.keys(changed) as AuditGuard[];

    test.each(guards)("an update guarded by %s is stale if that has changed", async (guard) => {
      const seen = openAudit({ outboxAt: noon });
      await audits.create(seen);
      const moved: Audit = { ...seen, ...changed[guard] };
      await audits.update(seen, moved, []);
      expect(await audits.update(seen, { ...seen, overdueAt: noon }, [guard])).toBe("stale");
      expect(await audits.get(seen)).toEqual(moved);
    });

    test.each(guards)("an update guarded by %s succeeds if only others have changed", async (guard) => {
      const seen = openAudit({ outboxAt: noon });
      await audits.create(seen);
      const others: Audit = { ...seen };
      for (const other of guards) if (other !== guard) Object.assign(others, changed[other]);
      await audits.update(seen, others, []);
      expect(await audits.update(seen, { ...seen, overdueAt: noon }, [guard])).toBe("done");
    });

    test("a guard on an absent value is stale once it is present", async () => {
      const seen = openAudit();
      await audits.create(seen);
      await audits.update(seen, { ...seen, outboxAt: noon }, []);
      expect(await audits.update(seen, { ...seen, overdueAt: noon }, ["outboxAt"])).toBe("stale");
    });

    test("a guard on a value is stale once it is gone", async () => {
      const seen = openAudit({ outboxAt: noon });
      await audits.create(seen);
      const { outboxAt: _outboxAt, ...emptied } = seen;
      await audits.update(seen, emptied, []);
      expect(await audits.update(seen, { ...seen, overdueAt: noon }, ["outboxAt"])).toBe("stale");
    });

    test("an update without changes still checks its guards", async () => {
      const seen = openAudit();
      await audits.create(seen);
      expect(await audits.update(seen, seen, ["status"])).toBe("done");
      await audits.update(seen, { ...seen, status: "IN_PROGRESS" }, []);
      expect(await audits.update(seen, seen, ["status"])).toBe("stale");
    });

    test("of concurrent updates with one guard exactly one succeeds", async () => {
      const seen = openAudit();
      await audits.create(seen);
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, n) => audits.update(seen, { ...seen, laneAt: noon + n + 1 }, ["laneAt"])),
      );
      expect(outcomes.filter((outcome) => outcome === "done")).toHaveLength(1);
    });
  });
}
