import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AuditStore } from "../../../functions/core/audits/ports.ts";
import type { NotificationStore } from "../../../functions/core/notifications/ports.ts";
import { shardOf } from "../../../functions/core/shared/lanes.ts";
import { countSettled, dayMs, emptyDay } from "../../../functions/core/stats/day-figures.ts";
import type { DayFigureStore, OpenPage, StatsSource } from "../../../functions/core/stats/ports.ts";
import { noon } from "../../support/fake-clock.ts";
import { aNotification, aRequest, openAudit } from "../../support/sample-audits.ts";

export interface OpenStats {
  audits: AuditStore;
  notifications: NotificationStore;
  source: StatsSource;
  dayFigures: DayFigureStore;
  close: () => Promise<void>;
}

const day = Math.floor(noon / dayMs) * dayMs;
const resolution = { resolutionCode: 5004, resolutionDescription: null, resolutionTimeStamp: null };

export function describeStatsContract(name: string, open: () => Promise<OpenStats>): void {
  describe(`StatsSource and DayFigureStore: ${name}`, () => {
    let stores: OpenStats;
    beforeEach(async () => {
      stores = await open();
    });
    afterEach(() => stores.close());

    test("audits are found by their creation, by their settlement, and while they are open", async () => {
      const request = { ...aRequest, transactionAmountInCents: 1250, currency: "USD" };
      const { lane: _lane, laneAt: _laneAt, ...placeless } = openAudit({ auditId: "closed", createdAt: noon, request });
      await stores.audits.create({ ...placeless, status: "CLOSED", settledAt: noon + 5, resolution });
      await stores.audits.create(openAudit({ auditId: "open", createdAt: noon + 1, laneAt: noon + 1 }));
      await stores.audits.create(openAudit({ organizationId: "other", auditId: "foreign", createdAt: noon }));
      const { source } = stores;
      const amount = { amountInCents: 1250, currency: "USD" };
      expect(await source.filed("org", { from: noon, to: noon + 1 })).toEqual({
        rows: [{ at: noon, ...amount }],
        through: noon + 1,
      });
      expect((await source.filed("org", { from: noon, to: noon + 2 })).rows).toHaveLength(2);
      expect((await source.filed("org", { from: noon, to: noon })).rows).toEqual([]);
      expect((await source.settled("org", { from: noon, to: noon + 5 })).rows).toEqual([]);
      expect((await source.settled("org", { from: noon + 5, to: noon + 6 })).rows).toEqual([
        {
          ...{ at: noon + 5, createdAt: noon, status: "CLOSED", auditCode: 3006, merchantName: "Corner Coffee" },
          ...{ resolutionCode: 5004, ...amount },
        },
      ]);
      const open: OpenPage[] = [];
      expect(await source.open("org", (page) => void (page.audits.length > 0 && open.push(page)))).toBe(true);
      const audit = { createdAt: noon + 1, status: "NEW", laneAt: noon + 1 };
      expect(open).toEqual([{ lane: "OPEN", shard: shardOf("open"), audits: [audit] }]);
    });

    test("audits with a promise of Kard are counted by whether it was kept", async () => {
      const { lane: _lane, laneAt: _laneAt, ...closed } = openAudit({ status: "CLOSED", resolution });
      const given = ["pending", "fulfilled", "fulfilled", "unknown", undefined] as const;
      for (const [index, fulfilment] of given.entries()) {
        await stores.audits.create({ ...closed, auditId: `a${index}`, settledAt: noon + index, fulfilment });
      }
      expect(await stores.source.fulfilments("org", { from: noon + 1, to: noon + 9 })).toEqual({
        counts: { fulfilled: 2, unknown: 1 },
        isComplete: true,
      });
    });

    test("notifications are counted by subscription and status", async () => {
      const given = [
        aNotification({ subscriptionId: "s1", status: "delivered" }),
        aNotification({ subscriptionId: "s1", status: "delivered", sequence: 2 }),
        aNotification({ subscriptionId: "s2", status: "delivery_failed" }),
        aNotification({ subscriptionId: "s2", sequence: 2, createdAt: noon - 10 }),
      ];
      for (const notification of given) await stores.notifications.put(notification, undefined);
      expect(await stores.source.deliveries("org", { from: noon, to: noon + 1 })).toEqual({
        counts: { s1: { delivered: 2 }, s2: { delivery_failed: 1 } },
        isComplete: true,
      });
    });

    test("figures of a day are stored on the condition that nobody has stored others since", async () => {
      const first = { ...emptyDay(day), revision: 1, filed: 3, resolutionCodes: { 5004: 2 } };
      const { dayFigures } = stores;
      expect(await dayFigures.put("org", day, first)).toBe("done");
      expect(await dayFigures.put("org", day, { ...first, filed: 4 })).toBe("stale");
      expect(await dayFigures.put("org", day, { ...first, filed: 5, revision: 2 })).toBe("done");
      expect(await dayFigures.put("org", day, { ...first, filed: 6, revision: 2 })).toBe("stale");
      expect(await dayFigures.getAll("org", [day - dayMs, day])).toEqual(
        new Map([[day, { ...first, filed: 5, revision: 2 }]]),
      );
      expect(await dayFigures.getAll("other", [day])).toEqual(new Map());
    });

    test("figures of merchants of any name can be stored", async () => {
      const names = ["__proto__", "constructor", "", "é".repeat(256)];
      const audit = { at: noon, createdAt: day, status: "CLOSED", auditCode: 3006 };
      const settled = names.map((merchantName) => ({ ...audit, merchantName }));
      const figures = { ...countSettled(emptyDay(day), settled, noon), revision: 1 };
      expect(Object.keys(figures.merchants)).toHaveLength(names.length);
      expect(await stores.dayFigures.put("org", day, figures)).toBe("done");
      expect(await stores.dayFigures.getAll("org", [day])).toEqual(new Map([[day, figures]]));
    });
  });
}
