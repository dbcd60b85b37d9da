import { asListValue } from "../../core/shared/list-values.ts";
import { loadAttention } from "./attention.ts";
import { type AuditPage, ignoreInvalid, type LoadInput } from "./audit-page.ts";
import type { Audit } from "./audit-words.ts";
import { queryOf } from "./list-query.ts";

/** Loads one page of a work list. The search has one page. */
export async function loadAudits(input: LoadInput): Promise<AuditPage> {
  const { call, view, now, from, signal, nextPage } = input;
  if (view.search !== "") return searchAudits(input);
  if (view.tab === "attention") return loadAttention(input, typeof from === "string" ? undefined : from);
  const query = { ...queryOf(view, now), ...(typeof from === "string" && { "page[after]": from }) };
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

/** Audits of several sources, each once, with the sources that have it. */
function collector() {
  const audits = new Map<string, Audit>();
  const why = new Map<string, string[]>();
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
