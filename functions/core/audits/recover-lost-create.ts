import type { CreateOutcome, LostAudits } from "../kard/ports.ts";
import { settleAll } from "../shared/settle-all.ts";
import type { Audit } from "./audit.ts";
import type { KardAuditIds } from "./ports.ts";
import { acceptKardAudit, isSameKey } from "./store-decision.ts";
import { type SubmitResult, scheduleRetry, submitResultOf, type WaitDeps } from "./submit-retries.ts";

export interface RecoverDeps extends WaitDeps {
  kardAuditIds: KardAuditIds;
  kard: LostAudits;
}

/**
 * Handles a 409 on a retried create whose earlier response was lost. The conflict may be with the audit that the
 * earlier create made. If Kard names such an audit, no other audit has its id, and it matches the request, its id is
 * stored.
 *
 * @returns `undefined` if the conflict is with other audits only, so it is a refusal; `waiting` if it is not clear
 */
export async function recoverLostCreate(
  deps: RecoverDeps,
  audit: Audit,
  conflict: Extract<CreateOutcome, { outcome: "refused" }>,
): Promise<SubmitResult | undefined> {
  const errorsWithId = conflict.errors.flatMap(({ id, ...error }) => (id === undefined ? [] : [{ ...error, id }]));
  const { values: named, failures } = await settleAll(errorsWithId, async (error) => ({
    error,
    owner: await deps.kardAuditIds.find(error.id),
  }));
  if (failures.length > 0) throw failures[0];
  const own = named.find(({ owner }) => owner !== undefined && isSameKey(owner, audit));
  const free = named.filter(({ owner }) => owner === undefined).map(({ error }) => error);
  if (own === undefined && named.length > 0 && free.length === 0) return undefined;
  const kardAuditId = own?.error.id ?? (await deps.kard.findLostAudit(audit, free));
  if (kardAuditId === undefined) return scheduleRetry(deps, audit, "conflict", "unconfirmed");
  const accepted = await acceptKardAudit(deps, audit, kardAuditId);
  return accepted.result === "stored" ? submitResultOf(accepted.audit) : undefined;
}
