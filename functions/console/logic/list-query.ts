import { asListValue } from "../../core/shared/list-values.ts";
import type { Operations } from "../openapi.ts";
import { daysToMs } from "./format.ts";

export type AuditQuery = Operations["GET /v2/issuers/{organizationId}/audits"]["query"];
export type Tab = "open" | "attention" | "resolved";

/** What a work list shows. It is kept in the page's URL, so that a view can be bookmarked and sent. */
export interface ListView {
  tab: Tab;
  search: string;
  merchant: string;
  user: string;
  claim: string;
  resolution: string;
  /** Only audits that are older than so many days. */
  olderThan: string;
  reason: string;
  sort: "newest" | "oldest";
}

const defaults: ListView = {
  ...{ tab: "open", search: "", merchant: "", user: "", claim: "" },
  ...{ resolution: "", olderThan: "", reason: "", sort: "newest" },
};
const names = Object.keys(defaults) as (keyof ListView)[];

/** Reads a view from the parameters of a URL. Unknown parameters are ignored. */
export function listViewOf(parameters: URLSearchParams): ListView {
  const given = Object.fromEntries(names.map((name) => [name, parameters.get(name) ?? defaults[name]]));
  const { tab, sort } = given;
  return {
    ...(given as unknown as ListView),
    tab: tab === "attention" || tab === "resolved" ? tab : "open",
    sort: sort === "oldest" ? sort : "newest",
  };
}

/** The parameters of a view, without those that have their default. */
export function parametersOf(view: ListView): URLSearchParams {
  const changed = names.filter((name) => view[name] !== defaults[name]);
  return new URLSearchParams(Object.fromEntries(changed.map((name) => [name, view[name]])));
}

export const openStatuses = "SUBMITTING,NEW,IN_PROGRESS";

/** The query of the API for the tab Open or Resolved. */
export function queryOf(view: ListView, now: number): AuditQuery {
  const isResolved = view.tab === "resolved";
  const by = isResolved ? "settledAt" : "createdAt";
  return {
    "filter[status]": isResolved ? "CLOSED,REJECTED" : openStatuses,
    ...filtersOf(view, now),
    sort: view.sort === "oldest" ? by : `-${by}`,
    "page[size]": "200",
  };
}

/** The filters that a reader has chosen. */
export function filtersOf(view: ListView, now: number): AuditQuery {
  const { merchant, user, claim, resolution, olderThan } = view;
  return {
    ...(merchant !== "" && { "filter[merchantName]": asListValue(merchant) }),
    ...(user !== "" && { "filter[userId]": asListValue(user) }),
    ...(claim !== "" && { "filter[auditCode]": claim }),
    ...(resolution !== "" && view.tab === "resolved" && { "filter[resolutionCode]": resolution }),
    ...(/^\d+$/.test(olderThan) && {
      "filter[before]": new Date(now - daysToMs(Number(olderThan))).toISOString(),
    }),
  };
}

/** Why an audit needs attention, and the query that finds such audits. Undelivered events are found otherwise. */
export const attentionReasons = [
  {
    id: "overdue",
    words: "Overdue",
    query: () => ({ "filter[status]": openStatuses, "filter[overdue]": "true" }),
  },
  {
    id: "due-soon",
    words: "Due within 14 days",
    query: (now: number) => ({
      "filter[status]": openStatuses,
      "filter[overdue]": "false",
      "filter[dueBefore]": new Date(now + daysToMs(14)).toISOString(),
    }),
  },
  { id: "unconfirmed", words: "Not confirmed by Kard", query: () => ({ "filter[submission]": "unconfirmed" }) },
  {
    id: "refused",
    words: "Refused in the last 30 days",
    query: (now: number) => ({
      "filter[status]": "REJECTED",
      "filter[settledAfter]": new Date(now - daysToMs(30)).toISOString(),
    }),
  },
  { id: "undelivered", words: "Not delivered to you", query: undefined },
] as const satisfies readonly { id: string; words: string; query: ((now: number) => AuditQuery) | undefined }[];

export type AttentionReason = (typeof attentionReasons)[number]["id"];
