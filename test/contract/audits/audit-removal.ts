import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AuditListing, AuditStore, KardAuditIds } from "../../../functions/core/audits/ports.ts";
import type { NotificationStore } from "../../../functions/core/notifications/ports.ts";
import type { AuditRemoval } from "../../../infra/commands/users/audit-removal.ts";
import { aNotification, openAudit } from "../../support/sample-audits.ts";

export interface OpenAuditRemoval {
  audits: AuditStore;
  auditRemoval: AuditRemoval;
  kardAuditIds: KardAuditIds;
  notifications: NotificationStore;
  listing: AuditListing;
  close: () => Promise<void>;
}

export function describeAuditRemovalContract(name: string, open: () => Promise<OpenAuditRemoval>): void {
  describe(`AuditRemoval: ${name}`, () => {
    let stores: OpenAuditRemoval;
    beforeEach(async () => {
      stores = await open();
    });
    afterEach(() => stores.close());

    const rowsOf = async (of: { organizationId: string; auditId: string }) => [
      ...(await stores.notifications.listOfAudit(of)),
      ...[await stores.audits.get(of)].filter((audit) => audit !== undefined),
    ];
    const file = async (organizationId: string, auditId: string) => {
      const of = { organizationId, auditId };
      await stores.audits.create(openAudit(of));
      for (const subscriptionId of ["s-1", "s-2"]) {
        for (const sequence of [1, 2, 10]) {
          await stores.notifications.put(aNotification({ ...of, subscriptionId, sequence }), undefined);
        }
      }
      return of;
    };

    test("an audit is removed with all its rows, and is in no list", async () => {
      const audit = await file("org", "a");
      expect(await stores.auditRemoval.remove(audit)).toBe(7);
      expect(await rowsOf(audit)).toEqual([]);
      expect(await stores.listing.list("org", {}, 10)).toEqual({ items: [], next: undefined });
    });

    test("nothing else is removed, however similar the ids are", async () => {
      const others = [
        await file("org", "ab"),
        await file("org2", "a"),
        await file("org", "a#NOTIFICATION"),
        await file("org", "a%23"),
      ];
      const audit = await file("org", "a");
      await stores.auditRemoval.remove(audit);
      expect(await rowsOf(audit)).toEqual([]);
      for (const other of others) expect(await rowsOf(other)).toHaveLength(7);
    });

    test("rows of an audit that is gone are removed, too", async () => {
      const left = aNotification({ auditId: "forgotten" });
      await stores.notifications.put(left, undefined);
      expect(await stores.auditRemoval.remove(left)).toBe(1);
      expect(await stores.notifications.get(left)).toBeUndefined();
    });

    test("the audit's own Kard id is free again, and no other", async () => {
      const audit = await file("org", "a");
      await stores.audits.create(openAudit({ auditId: "b", kardAuditId: "kard-b" }));
      await stores.kardAuditIds.claim("kard-1", audit);
      await stores.kardAuditIds.claim("kard-b", { organizationId: "org", auditId: "other" });
      expect(await stores.auditRemoval.remove(audit)).toBe(8);
      expect(await stores.auditRemoval.remove({ organizationId: "org", auditId: "b" })).toBe(1);
      expect(await stores.kardAuditIds.find("kard-1")).toBeUndefined();
      expect(await stores.kardAuditIds.find("kard-b")).toEqual({ organizationId: "org", auditId: "other" });
    });

    test("a repeated removal removes nothing", async () => {
      const audit = await file("org", "a");
      await stores.auditRemoval.remove(audit);
      expect(await stores.auditRemoval.remove(audit)).toBe(0);
    });
  });
}
