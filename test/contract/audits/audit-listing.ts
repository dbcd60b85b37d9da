import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { AuditListing, AuditStore, KardAuditIds } from "../../../functions/core/audits/ports.ts";
import { noon } from "../../support/fake-clock.ts";
import { openAudit } from "../../support/sample-audits.ts";
import { everyPage, idsOf, type OpenAuditListing } from "./listed-audits.ts";

export function describeAuditListingContract(name: string, open: () => Promise<OpenAuditListing>): void {
  describe(`AuditListing: ${name}`, () => {
    let audits: AuditStore;
    let kardAuditIds: KardAuditIds;
    let listing: AuditListing;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ audits, kardAuditIds, listing, close } = await open());
    });
    afterEach(() => close());

    test("an issuer sees its own audits in full, newest first", async () => {
      const older = openAudit({ auditId: "older", createdAt: noon });
      const newer = openAudit({ auditId: "newer", createdAt: noon + 1 });
      const foreign = openAudit({ organizationId: "other", auditId: "foreign", createdAt: noon + 2 });
      for (const audit of [older, newer, foreign]) await audits.create(audit);
      expect((await listing.list("org", {}, 10)).items).toEqual([newer, older]);
    });

    test("an issuer without audits has one empty page", async () => {
      expect(await listing.list("org", {}, 10)).toEqual({ items: [], next: undefined });
    });

    test("a page without matches leads to the matches after it", async () => {
      await audits.create(openAudit({ auditId: "match", userId: "rare", createdAt: noon }));
      const others = Array.from({ length: 12 }, (_, n) =>
        openAudit({ auditId: `other-${n}`, createdAt: noon + n + 1 }),
      );
      await Promise.all(others.map((audit) => audits.create(audit)));
      expect((await everyPage(listing, { userIds: ["rare"] }, 1)).map(({ auditId }) => auditId)).toEqual(["match"]);
    });

    test("a page that ends with the list has no next page", async () => {
      for (const n of [1, 2]) await audits.create(openAudit({ auditId: `a${n}`, createdAt: noon + n }));
      for (const filter of [{}, { statuses: ["NEW" as const] }]) {
        expect((await listing.list("org", filter, 2)).next).toBeUndefined();
      }
    });

    test("a page that starts outside of the filter starts at its newest, or is empty", async () => {
      for (const n of [1, 2, 3]) await audits.create(openAudit({ auditId: `a${n}`, createdAt: noon + n }));
      const filter = { since: noon + 2, before: noon + 3 };
      const listed = async (at: number) => (await listing.list("org", filter, 5, { at, id: "a9" })).items;
      expect((await listed(noon + 9)).map(({ auditId }) => auditId)).toEqual(["a2"]);
      expect(await listed(noon + 1)).toEqual([]);
      expect(await listed(-1)).toEqual([]);
    });

    test("an audit created while paging neither repeats nor hides another", async () => {
      for (const n of [1, 2, 3]) await audits.create(openAudit({ auditId: `a${n}`, createdAt: noon + n }));
      const first = await listing.list("org", {}, 2);
      await audits.create(openAudit({ auditId: "a4", createdAt: noon + 4 }));
      const second = await listing.list("org", {}, 2, first.next);
      expect([...first.items, ...second.items].map(({ auditId }) => auditId)).toEqual(["a3", "a2", "a1"]);
    });

    test("a page resumes after an audit that has changed", async () => {
      const all = [1, 2, 3].map((n) => openAudit({ auditId: `a${n}`, createdAt: noon + n }));
      for (const audit of all) await audits.create(audit);
      const first = await listing.list("org", { statuses: ["NEW"] }, 2);
      for (const audit of all.slice(1)) await audits.update(audit, { ...audit, status: "CLOSED" }, []);
      const second = await listing.list("org", { statuses: ["NEW"] }, 2, first.next);
      expect(second.items.map(({ auditId }) => auditId)).toEqual(["a1"]);
    });

    test.each([
      { since: noon, before: noon },
      { since: noon + 1, before: noon + 1 },
      { since: noon + 9, before: noon },
      { before: -1 },
    ])("a filter that matches no time selects nothing: %p", async (filter) => {
      await audits.create(openAudit({ createdAt: noon }));
      expect(await listing.list("org", filter, 10)).toEqual({ items: [], next: undefined });
    });

    test("a Kard id leads to its audit alone, if it is the issuer's and matches", async () => {
      const own = openAudit({ auditId: "own", kardAuditId: "kard#1" });
      await audits.create(own);
      await kardAuditIds.claim("kard#1", own);
      const filter = { kardAuditIds: ["kard#1"] };
      expect(await listing.list("org", filter, 10)).toEqual({ items: [own], next: undefined });
      for (const other of [{ ...filter, userIds: ["another"] }, { kardAuditIds: ["kard#2"] }]) {
        expect((await listing.list("org", other, 10)).items).toEqual([]);
      }
      expect((await listing.list("other", filter, 10)).items).toEqual([]);
    });

    test("a Kard id that is named twice, in upper and lower case, leads to its audit once", async () => {
      const own = openAudit({ kardAuditId: "5eb2d4a3" });
      await audits.create(own);
      await kardAuditIds.claim("5eb2d4a3", own);
      for (const wanted of [["5EB2D4A3"], ["5EB2D4A3", "5eb2d4a3", "5EB2D4A3"]]) {
        expect((await listing.list("org", { kardAuditIds: wanted }, 10)).items).toEqual([own]);
      }
    });

    test("a reference that is changed leads to the audit under its new one", async () => {
      const audit = openAudit({ reference: "CASE-1" });
      await audits.create(audit);
      await audits.update(audit, { ...audit, reference: "CASE-2" }, []);
      expect((await listing.list("org", { references: ["CASE-1"] }, 10)).items).toEqual([]);
      expect((await listing.list("org", { references: ["CASE-2"] }, 10)).items).toHaveLength(1);
    });

    test("a page may have more audits than DynamoDB reads at once", async () => {
      const all = Array.from({ length: 150 }, (_, n) => openAudit({ auditId: `audit-${n}` }));
      await Promise.all(all.map((audit) => audits.create(audit)));
      const { items, next } = await listing.list("org", {}, 200);
      expect(idsOf(items)).toEqual(idsOf(all));
      expect(next).toBeUndefined();
    });
  });
}
