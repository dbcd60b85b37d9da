import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import {
  type AuditFilter,
  type AuditOrder,
  isMatch,
  newestFirst,
} from "../../../functions/core/audits/audit-filter.ts";
import type { AuditListing, AuditStore, KardAuditIds } from "../../../functions/core/audits/ports.ts";
import type { PagePosition } from "../../../functions/core/shared/ports.ts";
import { noon } from "../../support/fake-clock.ts";
import { aRequest, openAudit } from "../../support/sample-audits.ts";
import { trickyText } from "../shared/tricky-text.ts";

export interface OpenAuditListing {
  audits: AuditStore;
  kardAuditIds: KardAuditIds;
  listing: AuditListing;
  close: () => Promise<void>;
}

const few = (...values: string[]) => fc.constantFrom(...values);
const statuses = fc.constantFrom("NEW", "IN_PROGRESS", "CLOSED");
const times = fc.integer({ min: noon, max: noon + 6 });
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const codes = fc.constantFrom(3005, 3006);
const fulfilments = fc.constantFrom("pending", "fulfilled", "unfulfilled");
const merchants = few("Corner, Coffee", "Deli");
const transactions = few("t1", "t2", "t#%");
const references = few("CASE-1", "a#%", "CASE-3");
const kardIds = few(...Array.from({ length: 8 }, (_, n) => `kard-${n}`));

const someAudits = fc.array(
  fc.record({
    ...{ status: statuses, userId: few("u1", "u2"), transactionId: transactions, createdAt: times },
    ...{ auditCode: codes, merchantName: merchants, resolutionCode: maybe(fc.constantFrom(5004, 9001)) },
    ...{
      reference: maybe(references),
      settledAt: maybe(times),
      overdueAt: maybe(times),
      dueAt: maybe(times),
      fulfilment: maybe(fulfilments),
    },
  }),
  { maxLength: 30 },
);

const anyOf = <Value>(value: fc.Arbitrary<Value>) => maybe(fc.uniqueArray(value, { minLength: 1, maxLength: 3 }));
const aFilter: fc.Arbitrary<AuditFilter> = fc
  .record({
    ...{ statuses: anyOf(statuses), auditCodes: anyOf(codes), resolutionCodes: anyOf(fc.constantFrom(5004, 9001)) },
    ...{ userIds: anyOf(few("u1", "u2")), transactionIds: anyOf(transactions), references: anyOf(references) },
    ...{ kardAuditIds: anyOf(kardIds), merchantNames: anyOf(merchants) },
    ...{ fulfilments: anyOf(fulfilments), isOverdue: fc.boolean(), dueBefore: times },
    ...{ since: times, before: times, settledSince: times, settledBefore: times },
  })
  // Few conditions at a time, or nothing would match.
  .chain((filter) => fc.subarray(Object.entries(filter), { maxLength: 3 }).map((some) => Object.fromEntries(some)));
const anOrder: fc.Arbitrary<AuditOrder> = fc.record({
  by: fc.constantFrom("createdAt", "settledAt"),
  isAscending: fc.boolean(),
});

async function everyPage(
  listing: AuditListing,
  filter: AuditFilter,
  size: number,
  organizationId = "org",
  order = newestFirst,
): Promise<Audit[]> {
  const all: Audit[] = [];
  let from: PagePosition | undefined;
  do {
    const page = await listing.list(organizationId, filter, size, from, order);
    expect(page.items.length).toBeLessThanOrEqual(size);
    all.push(...page.items);
    from = page.next;
  } while (from !== undefined);
  return all;
}

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

    test("the pages of any filter, order and size have exactly the matching audits, in order", async () => {
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(
          ...[someAudits, aFilter, anOrder, fc.integer({ min: 1, max: 7 })],
          async (drafts, { kardAuditIds: ids, ...others }, order, size) => {
            const organizationId = `org-${++runs}`;
            const ofRun = (id: string) => `${organizationId}/${id}`;
            const filter = ids === undefined ? others : { ...others, kardAuditIds: ids.map(ofRun) };
            const all = drafts.map((draft, n) => ({
              ...auditOf(organizationId, `audit-${n}`, draft),
              kardAuditId: ofRun(`kard-${n}`),
            }));
            await Promise.all(all.map((audit) => audits.create(audit)));
            await Promise.all(all.map((audit) => kardAuditIds.claim(audit.kardAuditId, audit)));
            const listed = await everyPage(listing, filter, size, organizationId, order);
            const wanted = all.filter((audit) => audit[order.by] !== undefined && isMatch(audit, filter));
            expect(idsOf(listed)).toEqual(idsOf(wanted));
            const listedTimes = listed.map((audit) => audit[order.by] ?? 0);
            expect(listedTimes).toEqual(listedTimes.toSorted((a, b) => (order.isAscending ? a - b : b - a)));
          },
        ),
        { numRuns: 40 },
      );
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

    test("no text in an issuer or transaction reaches another's list", async () => {
      const key = fc.record({ issuer: trickyText, transactionId: trickyText });
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(key, { minLength: 2, maxLength: 6 }), async (keys) => {
          const run = `${++runs}#`;
          const all = keys.map(({ issuer, transactionId }, n) =>
            openAudit({
              organizationId: run + issuer,
              auditId: `audit-${n}`,
              request: { ...aRequest, transactionId },
            }),
          );
          await Promise.all(all.map((audit) => audits.create(audit)));
          for (const { issuer, transactionId } of keys) {
            const { items } = await listing.list(run + issuer, { transactionIds: [transactionId] }, 50);
            const own = all.filter(
              (audit) => audit.organizationId === run + issuer && audit.request.transactionId === transactionId,
            );
            expect(idsOf(items)).toEqual(idsOf(own));
          }
        }),
        { numRuns: 20 },
      );
    });
  });
}

function idsOf(audits: readonly Audit[]): string[] {
  return audits.map(({ auditId }) => auditId).sort();
}

/** A settled audit has no lane: whether it is settled is all that matters here. */
function auditOf(
  organizationId: string,
  auditId: string,
  draft: Pick<Audit, "status" | "createdAt"> & {
    userId: string;
    transactionId: string;
    auditCode: number;
    merchantName: string;
    resolutionCode: number | undefined;
    reference: string | undefined;
    settledAt: number | undefined;
    overdueAt: number | undefined;
    dueAt: number | undefined;
    fulfilment: Audit["fulfilment"];
  },
): Audit {
  const { transactionId, auditCode, merchantName, resolutionCode, ...fields } = draft;
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  return openAudit({
    ...{ ...given, organizationId, auditId },
    request: { ...aRequest, transactionId, auditCode, merchantName },
    ...(resolutionCode === undefined
      ? {}
      : { resolution: { resolutionCode, resolutionDescription: null, resolutionTimeStamp: null } }),
  });
}
