import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Audit } from "../../functions/core/audits/audit.ts";
import type { AuditFilter, AuditListing, AuditStore } from "../../functions/core/audits/ports.ts";
import type { PagePosition } from "../../functions/core/shared/ports.ts";
import { noon } from "../support/fake-clock.ts";
import { aRequest, openAudit } from "../support/sample-audits.ts";
import { trickyText } from "./tricky-text.ts";

export interface OpenAuditListing {
  audits: AuditStore;
  listing: AuditListing;
  close: () => Promise<void>;
}

const few = (...values: string[]) => fc.constantFrom(...values);
const statuses = fc.constantFrom("NEW", "IN_PROGRESS", "CLOSED");
const times = fc.integer({ min: noon, max: noon + 6 });

const someAudits = fc.array(
  fc.record({ status: statuses, userId: few("u1", "u2"), transactionId: few("t1", "t2", "t#%"), createdAt: times }),
  { maxLength: 30 },
);

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined });
const aFilter = fc.record({
  status: maybe(statuses),
  userId: maybe(few("u1", "u2")),
  transactionId: maybe(few("t1", "t#%")),
  since: maybe(times),
  before: maybe(times),
});

function isWanted({ status, userId, request, createdAt }: Audit, filter: AuditFilter): boolean {
  return (
    (filter.status === undefined || filter.status === status) &&
    (filter.userId === undefined || filter.userId === userId) &&
    (filter.transactionId === undefined || filter.transactionId === request.transactionId) &&
    (filter.since === undefined || createdAt >= filter.since) &&
    (filter.before === undefined || createdAt < filter.before)
  );
}

async function everyPage(
  listing: AuditListing,
  filter: AuditFilter,
  size: number,
  organizationId = "org",
): Promise<Audit[]> {
  const all: Audit[] = [];
  let from: PagePosition | undefined;
  do {
    const page = await listing.list(organizationId, filter, size, from);
    expect(page.items.length).toBeLessThanOrEqual(size);
    all.push(...page.items);
    from = page.next;
  } while (from !== undefined);
  return all;
}

export function describeAuditListingContract(name: string, open: () => Promise<OpenAuditListing>): void {
  describe(`AuditListing: ${name}`, () => {
    let audits: AuditStore;
    let listing: AuditListing;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ audits, listing, close } = await open());
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
      expect((await everyPage(listing, { userId: "rare" }, 1)).map(({ auditId }) => auditId)).toEqual(["match"]);
    });

    test("a page that ends with the list has no next page", async () => {
      for (const n of [1, 2]) await audits.create(openAudit({ auditId: `a${n}`, createdAt: noon + n }));
      for (const filter of [{}, { status: "NEW" }] as const) {
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
      const first = await listing.list("org", { status: "NEW" }, 2);
      for (const audit of all.slice(1)) await audits.update(audit, { ...audit, status: "CLOSED" }, []);
      const second = await listing.list("org", { status: "NEW" }, 2, first.next);
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

    test("the pages of any filter and size have exactly the matching audits, newest first", async () => {
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(someAudits, aFilter, fc.integer({ min: 1, max: 7 }), async (drafts, filter, size) => {
          const organizationId = `org-${++runs}`;
          const all = drafts.map(({ transactionId, ...draft }, n) =>
            openAudit({ ...draft, organizationId, auditId: `audit-${n}`, request: { ...aRequest, transactionId } }),
          );
          await Promise.all(all.map((audit) => audits.create(audit)));
          const listed = await everyPage(listing, filter, size, organizationId);
          expect(idsOf(listed)).toEqual(idsOf(all.filter((audit) => isWanted(audit, filter))));
          const created = listed.map(({ createdAt }) => createdAt);
          expect(created).toEqual(created.toSorted((a, b) => b - a));
        }),
        { numRuns: 30 },
      );
    });

    test("a page may have more audits than DynamoDB reads in one request", async () => {
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
            const { items } = await listing.list(run + issuer, { transactionId }, 50);
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
