import type { Audit } from "../core/audits/audit.ts";
import { auditIdOfKey, auditIdOfRequest } from "../core/audits/idempotency.ts";
import type { AuditStore } from "../core/audits/ports.ts";
import type { Clock } from "../core/shared/ports.ts";

export interface AuditIdsDeps {
  audits: Pick<AuditStore, "getAll">;
  clock: Clock;
  randomUuid: () => string;
  /** How long an identical request counts as a duplicate, in milliseconds; 0 disables the detection. */
  duplicateWindowMs: number;
}

interface Identity {
  organizationId: string;
  idempotency: { key: string } | undefined;
  fingerprint?: string | undefined;
}

/**
 * The ids of a new request's audits, one per position. Repeated requests get the same ids: those with the same
 * Idempotency-Key, and without a key identical ones within the duplicate window, while an audit of the first is
 * unresolved. Kard's SDKs repeat a POST within seconds and send no key.
 */
export function auditIdsOf(deps: AuditIdsDeps) {
  return async (identity: Identity, count: number): Promise<string[]> => {
    const { organizationId, idempotency, fingerprint } = identity;
    const positions = Array.from({ length: count }, (_, position) => position);
    if (idempotency !== undefined)
      return positions.map((position) => auditIdOfKey(organizationId, idempotency.key, position));
    const { duplicateWindowMs: windowMs } = deps;
    const newIds = () => positions.map(() => deps.randomUuid());
    if (fingerprint === undefined || windowMs === 0) return newIds();

    const now = deps.clock();
    const window = Math.floor(now / windowMs);
    const idsIn = (one: number) =>
      positions.map((position) => auditIdOfRequest(organizationId, fingerprint, one, position));
    const current = idsIn(window);
    const former = idsIn(window - 1);
    const read = (ids: readonly string[]) => deps.audits.getAll(ids.map((auditId) => ({ organizationId, auditId })));
    const firsts = await read([current, former].flatMap(([first]) => first ?? []));
    // The first request may be in the previous window, if it is recent enough.
    const first = firsts.find(({ createdAt }) => createdAt > now - windowMs);
    if (first === undefined) return current;
    const ids = first.auditId === current[0] ? current : former;
    const others = count > 1 ? await read(ids.slice(1)) : [];
    return [first, ...others].some(isUnresolved) ? ids : newIds();
  };
}

function isUnresolved({ status }: Audit): boolean {
  return status !== "CLOSED" && status !== "REJECTED";
}
