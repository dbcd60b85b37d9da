import type { Audit, AuditKey } from "./audit.ts";
import type { AuditGuard, AuditStore } from "./ports.ts";

/** A try fails only if another writer is faster. */
const maxTries = 10;

/**
 * Changes a stored audit. If another writer is faster, the change is applied to the newly stored audit.
 *
 * @param change returns the new audit, or the same object to leave it
 * @param seen the audit as just read or written; it saves a read
 * @returns the audit before and after; the same object twice if nothing was written; `undefined` if it does not exist
 * @throws Error if the audit keeps changing
 */
export async function changeStoredAudit(
  audits: Pick<AuditStore, "get" | "update">,
  key: AuditKey,
  guards: readonly AuditGuard[],
  change: (stored: Audit) => Audit,
  seen?: Audit,
): Promise<{ before: Audit; after: Audit } | undefined> {
  for (let tries = 1; tries <= maxTries; tries++) {
    const before = tries === 1 && seen !== undefined ? seen : await audits.get(key);
    if (before === undefined) return undefined;
    const after = change(before);
    if (after === before || (await audits.update(before, after, guards)) === "done") return { before, after };
  }
  throw new Error("an audit kept changing while it was written");
}
