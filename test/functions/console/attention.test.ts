import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { loadAttention } from "../../../functions/console/logic/attention.ts";
import type { AttentionSource, LoadInput } from "../../../functions/console/logic/audit-page.ts";
import type { Audit } from "../../../functions/console/logic/audit-words.ts";
import { listViewOf } from "../../../functions/console/logic/list-query.ts";

const now = Date.UTC(2026, 2, 14, 12);

/** An audit that was created some milliseconds after noon. */
const auditAt = (ms: number, n: number) =>
  ({ id: `audit-${ms}-${n}`, attributes: { createdAt: new Date(now + ms).toISOString() } }) as Audit;

/** The API's lists, by a filter that only the list of that reason has, in pages of `size`, some of them empty. */
function apiWith(lists: Readonly<Record<string, readonly Audit[]>>, size: number): LoadInput["call"] {
  const markOf = (query: object) => Object.keys(lists).find((mark) => mark in query || mark === "filter[status]") ?? "";
  return (async (route: string, { query = {} }: { query?: Record<string, string> } = {}) => {
    if (route.endsWith("/notifications")) return { data: [], meta: { hasNextPage: false }, links: {} };
    const list = lists[markOf(query)] ?? [];
    const from = Number(query["page[after]"] ?? 0);
    const isEmpty = from % 2 === 1;
    const to = isEmpty ? from + 1 : from + size * 2;
    // Positions count half rows: an odd one is an empty page of a sparse list.
    const rows = isEmpty ? [] : list.slice(from / 2, from / 2 + size);
    return { data: rows, links: to / 2 >= list.length ? {} : { next: String(isEmpty ? to : to - 1) } };
  }) as LoadInput["call"];
}

async function readAll(call: LoadInput["call"], reason = "") {
  const view = listViewOf(new URLSearchParams({ tab: "attention", reason }));
  const input = { call, view, now, signal: AbortSignal.any([]) };
  const nextPage = (links: { next?: string | undefined } | undefined) => links?.next;
  const audits: Audit[] = [];
  let from: readonly AttentionSource[] | undefined;
  for (let pages = 0; pages < 500; pages++) {
    const page = await loadAttention({ ...input, from, nextPage, readsNotifications: true }, from);
    audits.push(...page.audits);
    if (page.next === undefined) return audits;
    from = page.next as readonly AttentionSource[];
  }
  throw new Error("it does not end");
}

test("what needs attention is read page by page, each audit once, oldest first", async () => {
  const aList = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.tuple(aList, aList, aList), fc.integer({ min: 1, max: 4 }), async (times, size) => {
      const sorted = times.map((list) => [...list].sort((a, b) => a - b));
      const [overdue = [], unconfirmed = [], refused = []] = sorted.map((list, n) =>
        list.map((ms, index) => auditAt(ms, n * 100 + index)),
      );
      const lists = { "filter[overdue]": overdue, "filter[submission]": unconfirmed, "filter[settledAfter]": refused };
      // Overdue and due soon have the same filter, so the audits of the first list have two reasons.
      const read = await readAll(apiWith(lists, size));
      const ids = read.map(({ id }) => id);
      expect(new Set(ids)).toEqual(new Set([...overdue, ...unconfirmed, ...refused].map(({ id }) => id)));
      const created = read.map(({ attributes }) => attributes.createdAt);
      expect(created).toEqual([...created].sort());
    }),
    { numRuns: 300 },
  );
});

test("with one reason chosen, only its list is read", async () => {
  const refused = [auditAt(1, 1), auditAt(2, 2), auditAt(3, 3)];
  const lists = { "filter[overdue]": [auditAt(0, 0)], "filter[submission]": [], "filter[settledAfter]": refused };
  const api = apiWith(lists, 2);
  const queries: object[] = [];
  const call = ((route, given) => {
    queries.push(given?.query ?? {});
    return api(route, given);
  }) as LoadInput["call"];
  expect(await readAll(call, "refused")).toEqual(refused);
  expect(queries.filter((query) => !("filter[settledAfter]" in query))).toEqual([]);
});

test("the latest undelivered notifications are taken, whether they failed or are held", async () => {
  const notification = (name: string, n: number, minute: number) => ({
    attributes: { timestamp: new Date(now + minute * 60_000).toISOString() },
    relationships: { audit: { data: { id: `${name}-${n}` } } },
  });
  const page = (name: string, from: number) => ({
    data: Array.from({ length: 20 }, (_, n) => notification(name, n, from - n)),
    meta: { hasNextPage: false },
  });
  const read: string[] = [];
  const call = (async (_: string, { query, path }: { query?: Record<string, string>; path?: { auditId: string } }) => {
    if (query !== undefined) return query["filter[status]"] === "held" ? page("held", 100) : page("failed", 0);
    read.push(path?.auditId ?? "");
    return { data: { ...auditAt(read.length, 0), id: path?.auditId } };
  }) as LoadInput["call"];
  await readAll(call, "undelivered");
  expect(read.filter((id) => id.startsWith("held"))).toHaveLength(20);
  expect(read.filter((id) => id.startsWith("failed"))).toEqual([
    "failed-0",
    "failed-1",
    "failed-2",
    "failed-3",
    "failed-4",
  ]);
});
