import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Audit } from "../../../functions/core/audits/audit.ts";
import { type AuditFilter, type AuditOrder, isMatch } from "../../../functions/core/audits/audit-filter.ts";
import type { AuditListing, AuditStore, KardAuditIds } from "../../../functions/core/audits/ports.ts";
import { noon } from "../../support/fake-clock.ts";
import { aRequest, openAudit } from "../../support/sample-audits.ts";
import { trickyText } from "../shared/tricky-text.ts";
import { everyPage, idsOf, type OpenAuditListing } from "./listed-audits.ts";

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

/** Generated lists, filters, orders and page sizes. */
export function describeAuditListingProperties(name: string, open: () => Promise<OpenAuditListing>): void {
  describe(`AuditListing, generated: ${name}`, () => {
    let audits: AuditStore;
    let kardAuditIds: KardAuditIds;
    let listing: AuditListing;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ audits, kardAuditIds, listing, close } = await open());
    });
    afterEach(() => close());

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
