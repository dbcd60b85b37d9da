import type { Audit } from "../../../functions/core/audits/audit.ts";
import { changeAudit } from "../../../functions/core/audits/change-audit.ts";
import { noon } from "../../support/fake-clock.ts";
import { memoryStores } from "../../support/memory/stores.ts";
import { aNotification, closedAtKard, openAudit } from "../../support/sample-audits.ts";

export const anna = { organizationId: "org", userId: "anna" };
export const quietly = () => undefined;

export function closedAudit(changes: Partial<Audit>): Audit {
  const kardAudit = closedAtKard();
  if (kardAudit.status !== "CLOSED") throw new Error("the audit is not closed");
  const closed = changeAudit(openAudit(changes), "close", { resolution: kardAudit.resolution }, noon);
  if (closed === undefined) throw new Error("the audit cannot be closed");
  return closed;
}

/** A closed and published audit. */
export function settledAudit(changes: Partial<Audit>): Audit {
  const { outboxAt: _, ...published } = closedAudit(changes);
  return published;
}

export async function worldWith(...audits: Audit[]) {
  const stores = memoryStores();
  for (const audit of audits) {
    await stores.audits.create(audit);
    await stores.notifications.put(aNotification({ auditId: audit.auditId, status: "delivered" }), undefined);
  }
  return stores;
}

export const idsOf = (found: { audits: { audit: Audit }[] }) => found.audits.map(({ audit }) => audit.auditId).sort();
