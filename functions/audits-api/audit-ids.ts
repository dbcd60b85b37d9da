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

/**
 * The maximum number of identical requests per window whose repeats are detected. A new one begins only after all
 * audits of the one before are resolved, so only a caller that continues after many refusals reaches it.
 */
const maxGenerations = 10;

interface Identity {
  organizationId: string;
  idempotency: { key: string } | undefined;
  fingerprint?: string | undefined;
}

/**
 * The ids of a new request's audits, one per position. Repeated requests get the same ids: those with the same
 * Idempotency-Key, and without a key identical ones within the duplicate window, while an audit of the earlier one is
 * unresolved. Once all are resolved, an identical request is the next generation, with ids that its repeats get, too.
 * Kard's SDKs repeat a POST within seconds and send no key.
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
    const idsIn = (one: number, generation: number) =>
      positions.map((position) => auditIdOfRequest({ organizationId, fingerprint, window: one, generation, position }));
    const read = (ids: readonly string[]) => deps.audits.getAll(ids.map((auditId) => ({ organizationId, auditId })));
    const firstsOf = (requests: readonly string[][]) => read(requests.flatMap(([first]) => first ?? []));
    // Earlier requests may be in the previous window, if they are recent enough.
    const initial = idsIn(window, 0);
    if ((await firstsOf([initial, idsIn(window - 1, 0)])).length === 0) return initial;

    const generations = Array.from({ length: maxGenerations }, (_, generation) => generation);
    const current = generations.map((generation) => idsIn(window, generation));
    const earlier = [...current, ...generations.map((generation) => idsIn(window - 1, generation))];
    const firsts = new Map((await firstsOf(earlier)).map((audit) => [audit.auditId, audit]));
    for (const ids of earlier) {
      const first = firsts.get(ids[0] ?? "");
      if (first === undefined || first.createdAt <= now - windowMs) continue;
      const others = count > 1 ? await read(ids.slice(1)) : [];
      if ([first, ...others].some(isUnresolved)) return ids;
    }
    return current.find(([first = ""]) => !firsts.has(first)) ?? newIds();
  };
}

function isUnresolved({ status }: Audit): boolean {
  return status !== "CLOSED" && status !== "REJECTED";
}
