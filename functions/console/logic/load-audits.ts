import { asListValue } from "../../core/shared/list-values.ts";
import type { Call } from "../api.ts";
import type { Audit } from "./audit-words.ts";
import { type AttentionReason, attentionReasons, filtersOf, type ListView, queryOf } from "./list-query.ts";

/** Why audits are in a list, by audit id: reasons for attention, or what the search has found. */
export type Why = ReadonlyMap<string, readonly string[]>;

export interface AuditPage {
  audits: Audit[];
  /** The position of the next page; `undefined` at the end. */
  next: string | undefined;
  why: Why;
  /** Whether a source had more audits than were read. */
  isCut: boolean;
}

interface LoadInput {
  call: Call;
  view: ListView;
  now: number;
  from: string | undefined;
  signal: AbortSignal;
  nextPage: (links: { next?: string | undefined } | undefined) => string | undefined;
  /** Whether the caller may read notifications. */
  readsNotifications: boolean;
}

/** Loads one page of a work list. The search and the tab Needs attention have one page. */
export async function loadAudits(input: LoadInput): Promise<AuditPage> {
  if (input.view.search !== "") return searchAudits(input);
  if (input.view.tab === "attention") return auditsThatNeedAttention(input);
  const { call, view, now, from, signal, nextPage } = input;
  const query = { ...queryOf(view, now), ...(from !== undefined && { "page[after]": from }) };
  const { data, links } = await call("GET /v2/issuers/{organizationId}/audits", { query, signal });
  return { audits: data, next: nextPage(links), why: new Map(), isCut: false };
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Finds audits by any id: of the transaction, the issuer, the user, Kard or the tracker. */
async function searchAudits({ call, view, signal, nextPage }: LoadInput): Promise<AuditPage> {
  const text = view.search;
  const value = asListValue(text);
  const sources = [
    ["transaction", { "filter[transactionId]": value }],
    ["reference", { "filter[reference]": value }],
    ["user", { "filter[userId]": value }],
    ["Kard id", { "filter[kardAuditId]": value }],
  ] as const;
  const collected = collector();
  await Promise.all(
    sources.map(async ([what, query]) => {
      const { data, links } = await call("GET /v2/issuers/{organizationId}/audits", {
        query: { ...query, "page[size]": "200" },
        signal,
      }).catch(ignoreInvalid);
      collected.add(data, what, nextPage(links) !== undefined);
    }),
  );
  if (collected.isEmpty() && uuid.test(text)) {
    const path = { auditId: text };
    const found = await call("GET /v2/issuers/{organizationId}/audits/{auditId}", { path, signal }).catch(
      ignoreInvalid,
    );
    collected.add([found.data].flat(), "audit id", false);
  }
  return collected.page((a, b) => b.attributes.createdAt.localeCompare(a.attributes.createdAt));
}

/** A text that is not valid as one kind of id can be valid as another. */
function ignoreInvalid(error: { status?: number }): { data: Audit[]; links?: { next?: string } } {
  if (error.status === 400 || error.status === 404) return { data: [] };
  throw error;
}

async function auditsThatNeedAttention(input: LoadInput): Promise<AuditPage> {
  const { call, view, now, signal, nextPage } = input;
  const collected = collector();
  await Promise.all(
    attentionReasons.map(async ({ id, query }) => {
      if (query === undefined) return addUndelivered(input, collected);
      const all = { ...filtersOf(view, now), ...query(now), "page[size]": "200" };
      const { data, links } = await call("GET /v2/issuers/{organizationId}/audits", { query: all, signal });
      collected.add(data, id, nextPage(links) !== undefined);
    }),
  );
  return collected.page((a, b) => a.attributes.createdAt.localeCompare(b.attributes.createdAt));
}

/** The most audits that are read one by one. The view Undelivered shows all notifications. */
const maxUndelivered = 25;

async function addUndelivered({ call, view, now, signal, readsNotifications }: LoadInput, collected: Collector) {
  if (!readsNotifications) return;
  const lists = await Promise.all(
    (["delivery_failed", "held"] as const).map((status) =>
      call("GET /v2/issuers/{organizationId}/notifications", {
        query: { "filter[status]": status, "page[size]": "200" },
        signal,
      }),
    ),
  );
  const ids = new Set(
    lists.flatMap(({ data }) => data.flatMap(({ relationships }) => relationships.audit?.data.id ?? [])),
  );
  const read = await Promise.all(
    [...ids].slice(0, maxUndelivered).map((auditId) =>
      call("GET /v2/issuers/{organizationId}/audits/{auditId}", { path: { auditId }, signal }).then(
        ({ data }): Audit[] => [data],
        // A held notification can outlive its audit.
        (error: { status?: number }) => ignoreInvalid(error).data,
      ),
    ),
  );
  const isCut = ids.size > maxUndelivered || lists.some(({ meta }) => meta.hasNextPage);
  collected.add(
    read.flat().filter((audit) => matches(audit, view, filtersOf(view, now)["filter[before]"])),
    "undelivered",
    isCut,
  );
}

function matches(
  { attributes, relationships }: Audit,
  { merchant, user, claim }: ListView,
  before: string | undefined,
): boolean {
  return (
    (merchant === "" || attributes.merchantName === merchant) &&
    (user === "" || relationships?.user.data.id === user) &&
    (claim === "" || String(attributes.auditCode) === claim) &&
    (before === undefined || attributes.createdAt < before)
  );
}

type Collector = ReturnType<typeof collector>;

/** Audits of several sources, each once, with the sources that have it. */
function collector() {
  const audits = new Map<string, Audit>();
  const why = new Map<string, (AttentionReason | string)[]>();
  let isCut = false;
  return {
    isEmpty: () => audits.size === 0,
    add(found: readonly Audit[], source: string, hasMore: boolean): void {
      isCut ||= hasMore;
      for (const audit of found) {
        audits.set(audit.id, audit);
        why.set(audit.id, [...(why.get(audit.id) ?? []), source]);
      }
    },
    page: (order: (a: Audit, b: Audit) => number): AuditPage => ({
      audits: [...audits.values()].sort(order),
      next: undefined,
      why,
      isCut,
    }),
  };
}
