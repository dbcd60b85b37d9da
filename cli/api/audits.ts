import { setTimeout as sleep } from "node:timers/promises";
import type * as z from "zod";
import type { resolveAuditBody } from "../../functions/audits-api/audit-input.ts";
import { auditList, type auditShape, oneAudit } from "../../functions/audits-api/audit-shapes.ts";
import { type AuditFilters, auditQuery } from "../audit-filters.ts";
import { exitCode, Failure } from "../failure.ts";
import { type Api, bodyOf } from "./api.ts";
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

/** Makes the tracker read an audit's status from Kard now. Without `isConfirmed`, it tries again by itself. */
export async function refreshAudit(
  api: Api,
  id: string,
): Promise<{ audit: AuditDetailsResource; isConfirmed: boolean }> {
  const call = callOf(api, "POST /v2/issuers/{organizationId}/audits/{auditId}/refresh", { auditId: id });
  const response = await api.send(call);
  return { audit: bodyOf(oneAudit, response, api.url).data, isConfirmed: response.status !== 202 };
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
  /** If aborted, the audits are not read again. */
  stop?: AbortSignal;
  onChange(audit: AuditResource): void;
  /** Called if an audit cannot be read. It is not read again. */
  onFailure(id: string, failure: Failure): void;
}

/**
 * Polls audits until all are settled. A refused id does not stop the others; any other failure ends the polling.
 *
 * @returns their last state, in the order of `ids`, without refused ids
 */
export async function watchAudits(api: Api, ids: readonly string[], options: WatchOptions): Promise<AuditResource[]> {
  const { everyMs, forMs, stop, onChange, onFailure } = options;
  const seen = new Map<string, AuditResource>();
  const open = new Set(ids);
  const end = Date.now() + forMs;
  for (;;) {
    for (const id of open) {
      try {
        const audit = await showAudit(api, id);
        if (seen.get(id)?.attributes.status !== audit.attributes.status) onChange(audit);
        seen.set(id, audit);
        if (isSettled(audit)) open.delete(id);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        onFailure(id, error);
        if (error.exitCode !== exitCode.refused) return lastOf(ids, seen);
        open.delete(id);
        seen.delete(id);
      }
    }
    if (open.size === 0 || Date.now() + everyMs > end) return lastOf(ids, seen);
    await sleep(everyMs, undefined, stop && { signal: stop });
  }
}

function lastOf(ids: readonly string[], seen: ReadonlyMap<string, AuditResource>): AuditResource[] {
  return ids.flatMap((id) => seen.get(id) ?? []);
}
