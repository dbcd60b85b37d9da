import type { Clock } from "../shared/ports.ts";
import type { Audit, AuditKey } from "./audit.ts";
import { changeAudit, type TransitionFacts } from "./change-audit.ts";
import { changeStoredAudit } from "./change-stored-audit.ts";
import type { AuditStore, KardAuditIds } from "./ports.ts";

/**
 * Stores Kard's decision on an audit that is being submitted, whatever else has changed since it was read. An earlier
 * decision stands.
 *
 * @returns the audit as stored
 * @throws Error if the audit is gone or keeps changing
 */
export async function storeDecision<Name extends "accept" | "refuse" | "reject">(
  deps: { audits: AuditStore; clock: Clock },
  audit: Audit,
  name: Name,
  facts: TransitionFacts[Name],
): Promise<Audit> {
  const decide = (current: Audit) => changeAudit(current, name, facts, deps.clock()) ?? current;
  const stored = await changeStoredAudit(deps.audits, audit, ["status", "sequence"], decide, audit);
  if (stored === undefined) throw new Error("an audit that is being submitted is missing in the table");
  return stored.after;
}

/** `taken`: the id belongs to another audit; nothing was stored. */
export type AcceptResult = { result: "stored"; audit: Audit } | { result: "taken"; owner: AuditKey };

/**
 * Stores Kard's acceptance of an audit, with Kard's id. The id is claimed first, so no other audit can get it. If the
 * process stops between the two writes, `findByKardId` completes the second.
 */
export async function acceptKardAudit(
  deps: { audits: AuditStore; kardAuditIds: KardAuditIds; clock: Clock },
  audit: Audit,
  kardAuditId: string,
): Promise<AcceptResult> {
  const owner = await deps.kardAuditIds.claim(kardAuditId, audit);
  if (!isSameKey(owner, audit)) return { result: "taken", owner };
  return { result: "stored", audit: await storeDecision(deps, audit, "accept", { kardAuditId }) };
}

export function isSameKey(one: AuditKey, other: AuditKey): boolean {
  return one.organizationId === other.organizationId && one.auditId === other.auditId;
}
