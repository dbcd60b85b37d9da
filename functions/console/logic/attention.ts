import { type AttentionSource, type AuditPage, ignoreInvalid, type LoadInput } from "./audit-page.ts";
import type { Audit } from "./audit-words.ts";
import { type AttentionReason, attentionReasons, filtersOf, type ListView } from "./list-query.ts";

/**
 * Loads a page of the audits that need attention, oldest first. The lists of the reasons are read page by page and
 * merged: an audit is shown once no list can have an older one. With a chosen reason, only its list is read.
 */
export async function loadAttention(
  input: LoadInput,
  from: readonly AttentionSource[] | undefined,
): Promise<AuditPage> {
  const { reason: chosen } = input.view;
  const reasons = attentionReasons.filter(({ id }) => chosen === "" || id === chosen);
  const starting = from ?? reasons.map(({ id }): AttentionSource => ({ reason: id, read: [], next: "" }));
  const startsUndelivered = from === undefined && reasons.some(({ id }) => id === "undelivered");
  const undelivered = startsUndelivered ? readUndelivered(input) : undefined;
  const end = endOf(starting);
  const sources = await Promise.all(
    starting.map(async (source) => {
      if (source.reason === "undelivered" && undelivered !== undefined)
        return { ...source, read: (await undelivered).audits, next: undefined };
      return lastOf(source) === end ? nextOf(input, source) : source;
    }),
  );
  const { shown, rest } = mergeSources(sources);
  const why = new Map<string, string[]>();
  for (const { reason, audit } of shown) why.set(audit.id, [...(why.get(audit.id) ?? []), reason]);
  const audits = [...new Map(shown.map(({ audit }) => [audit.id, audit])).values()];
  const isOver = rest.every(({ read, next }) => read.length === 0 && next === undefined);
  return { audits, next: isOver ? undefined : rest, why, isCut: (await undelivered)?.isCut ?? false };
}

/**
 * Takes the audits that can be shown: those before the last one of each list that has more pages.
 *
 * @returns the audits in order of their creation, and the sources without them
 */
export function mergeSources(sources: readonly AttentionSource[]): {
  shown: { reason: AttentionReason; audit: Audit }[];
  rest: AttentionSource[];
} {
  const end = endOf(sources) ?? "\uffff";
  const isBefore = (audit: Audit) => createdAt(audit) < end;
  // A page of audits of the same millisecond would otherwise be read again and again.
  const isStuck = sources.every(({ read, next }) => (next === undefined || read.length > 0) && !read.some(isBefore));
  const canShow = (audit: Audit) => isBefore(audit) || (isStuck && createdAt(audit) === end);
  const shown = sources.flatMap(({ reason, read }) => read.filter(canShow).map((audit) => ({ reason, audit })));
  return {
    shown: shown.sort((a, b) => createdAt(a.audit).localeCompare(createdAt(b.audit))),
    rest: sources.map((source) => ({ ...source, read: source.read.filter((audit) => !canShow(audit)) })),
  };
}

const createdAt = ({ attributes }: Audit): string => attributes.createdAt;

/** The time up to which a source was read; `undefined` if all of it was, and empty if nothing was. */
function lastOf({ read, next }: AttentionSource): string | undefined {
  if (next === undefined) return undefined;
  const last = read.at(-1);
  return last === undefined ? "" : createdAt(last);
}

/** The time up to which all sources were read; `undefined` if all were read to their ends. */
function endOf(sources: readonly AttentionSource[]): string | undefined {
  return sources.flatMap((source) => lastOf(source) ?? []).sort()[0];
}

/** A source with its next page. */
async function nextOf(
  { call, view, now, signal, nextPage }: LoadInput,
  { reason, read, next }: AttentionSource,
): Promise<AttentionSource> {
  const query = attentionReasons.find(({ id }) => id === reason)?.query;
  if (next === undefined || query === undefined) return { reason, read, next: undefined };
  const { data, links } = await call("GET /v2/issuers/{organizationId}/audits", {
    query: {
      ...{ ...filtersOf(view, now), ...query(now), sort: "createdAt", "page[size]": "200" },
      ...(next !== "" && { "page[after]": next }),
    },
    signal,
  });
  return { reason, read: [...read, ...data], next: nextPage(links) };
}

/** The maximum number of audits that are read one by one. The view Undelivered shows all notifications. */
const maxUndelivered = 25;

/** The audits of the latest notifications that failed or are held. */
async function readUndelivered(input: LoadInput): Promise<{ audits: Audit[]; isCut: boolean }> {
  const { call, view, now, signal, readsNotifications } = input;
  if (!readsNotifications) return { audits: [], isCut: false };
  const lists = await Promise.all(
    (["delivery_failed", "held"] as const).map((status) =>
      call("GET /v2/issuers/{organizationId}/notifications", {
        query: { "filter[status]": status, "page[size]": "200" },
        signal,
      }),
    ),
  );
  const latestFirst = lists
    .flatMap(({ data }) => data)
    .sort((a, b) => b.attributes.timestamp.localeCompare(a.attributes.timestamp));
  const ids = new Set(latestFirst.flatMap(({ relationships }) => relationships.audit?.data.id ?? []));
  const read = await Promise.all(
    [...ids].slice(0, maxUndelivered).map((auditId) =>
      call("GET /v2/issuers/{organizationId}/audits/{auditId}", { path: { auditId }, signal }).then(
        ({ data }): Audit[] => [data],
        // A held notification can outlive its audit.
        (error: { status?: number }) => ignoreInvalid(error).data,
      ),
    ),
  );
  const matching = read.flat().filter((audit) => matches(audit, view, filtersOf(view, now)["filter[before]"]));
  return {
    audits: matching.sort((a, b) => a.attributes.createdAt.localeCompare(b.attributes.createdAt)),
    isCut: ids.size > maxUndelivered || lists.some(({ meta }) => meta.hasNextPage),
  };
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
