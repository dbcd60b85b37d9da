import { setTimeout as sleep } from "node:timers/promises";
import type * as z from "zod";
import type { resolveAuditBody } from "../../functions/audits-api/audit-input.ts";
import { auditList, type auditShape, oneAudit } from "../../functions/audits-api/audit-shapes.ts";
import { type AuditFilters, auditQuery } from "../audit-filters.ts";
import type { Api } from "./api.ts";
import { type Listed, readList } from "./pages.ts";
import { callOf } from "./routes.ts";

export type AuditResource = z.output<typeof auditShape>;
export type AuditDetailsResource = z.output<typeof oneAudit>["data"];

/** Lists an issuer's audits, newest first unless the filters say otherwise. */
export function listAudits(api: Api, filters: AuditFilters, most: number): Promise<Listed<AuditResource>> {
  const query = auditQuery(filters, Math.min(most, 200), Date.now());
  return readList(api, auditList, callOf(api, "GET /v2/issuers/{organizationId}/audits", {}, query), most);
}

/** Reads an audit with its history. */
export async function showAudit(api: Api, id: string): Promise<AuditDetailsResource> {
  return (await api.ask(oneAudit, callOf(api, "GET /v2/issuers/{organizationId}/audits/{auditId}", { auditId: id })))
    .data;
}

/** Makes the tracker read an audit's status from Kard now. */
export async function refreshAudit(api: Api, id: string): Promise<AuditDetailsResource> {
  return (
    await api.ask(oneAudit, callOf(api, "POST /v2/issuers/{organizationId}/audits/{auditId}/refresh", { auditId: id }))
  ).data;
}

/** What an operator found out at Kard about an unconfirmed audit. */
export type Finding = z.output<typeof resolveAuditBody>["data"]["attributes"];

/** Settles an unconfirmed audit. */
export async function resolveAudit(api: Api, id: string, attributes: Finding): Promise<AuditDetailsResource> {
  const call = callOf(api, "POST /v2/issuers/{organizationId}/audits/{auditId}/resolve", { auditId: id });
  return (await api.ask(oneAudit, { ...call, body: { data: { type: "audit", attributes } } })).data;
}

/** Whether an audit's status is final. */
export function isSettled({ attributes: { status } }: AuditResource): boolean {
  return status === "CLOSED" || status === "REJECTED";
}

export interface WatchOptions {
  everyMs: number;
  forMs: number;
  onChange(audit: AuditResource): void;
}

/**
 * Polls audits until all are settled.
 *
 * @returns their last state, in the order of `ids`
 */
export async function watchAudits(api: Api, ids: readonly string[], options: WatchOptions): Promise<AuditResource[]> {
  const seen = new Map<string, AuditResource>();
  const end = Date.now() + options.forMs;
  for (;;) {
    for (const id of ids) {
      const former = seen.get(id);
      if (former !== undefined && isSettled(former)) continue;
      const audit = await showAudit(api, id);
      seen.set(id, audit);
      if (former?.attributes.status !== audit.attributes.status) options.onChange(audit);
    }
    const audits = ids.flatMap((id) => seen.get(id) ?? []);
    if (audits.every(isSettled) || Date.now() + options.everyMs > end) return audits;
    await sleep(options.everyMs);
  }
}
