import pMap from "p-map";
import { type AdoptDeps, type AdoptRequest, type AdoptResult, adoptAudit } from "../../core/tracking/adopt-audit.ts";
import { type Adoption, nextTry } from "../../core/tracking/adoption.ts";
import { findByKardId } from "../../core/tracking/find-by-kard-id.ts";
import type { AdoptionStore } from "../../core/tracking/ports.ts";

export interface AdoptAuditsDeps extends AdoptDeps {
  adoptions: AdoptionStore;
  random: () => number;
}

/**
 * The result for one Kard id. `pending`: Kard could not be read, and the poller retries. `not-stored`: the table did
 * not accept the pending adoption, so nothing is retried.
 */
export type AdoptionResult =
  | Exclude<AdoptResult, { result: "unavailable" }>
  | { result: "pending"; adoption: Adoption }
  | { result: "not-stored" };

const callsAtOnce = 10;

/** No adoption starts later than this, in milliseconds, because the function must respond within 29 seconds. */
const lastCallAfterMs = 10_000;

/**
 * Tracks audits that exist at Kard, by Kard's ids, with one result per id in the same order. If Kard cannot be read in
 * time, a pending adoption is stored in lane SUBMIT before the response. After a throttled call, the remaining ids make
 * no call. Everything that started is awaited, and an error affects only its id.
 */
export function adoptAudits(deps: AdoptAuditsDeps) {
  const adopt = adoptAudit(deps);

  const addPending = async (request: AdoptRequest, next: Pick<Adoption, "attempts" | "laneAt">) => {
    const adoption = await deps.adoptions.add({ ...request, createdAt: deps.clock(), ...next });
    return { result: "pending", adoption } as const;
  };

  /** Stores the pending adoption without a call. */
  const look = async (request: AdoptRequest, waiting: Adoption | undefined): Promise<AdoptionResult> => {
    const found = await findByKardId(deps)(request.organizationId, request.kardAuditId);
    if (found.outcome === "tracked") return { result: "already-tracked", audit: found.audit };
    if (waiting !== undefined) return { result: "pending", adoption: waiting };
    return addPending(request, { attempts: 0, laneAt: deps.clock() });
  };

  /** The poller retries after errors of this system, as it does after Kard's. */
  const ask = (request: AdoptRequest) =>
    adopt(request).catch((error: unknown) => {
      deps.reportError(error);
      return { result: "unavailable", response: undefined } as const;
    });

  return async (organizationId: string, userId: string, kardAuditIds: readonly string[]): Promise<AdoptionResult[]> => {
    const start = deps.clock();
    let isThrottled = false;
    const adoptOne = async (kardAuditId: string): Promise<AdoptionResult> => {
      const request = { organizationId, userId, kardAuditId };
      const waiting = await deps.adoptions.get(request);
      if (waiting !== undefined || isThrottled || deps.clock() - start > lastCallAfterMs) return look(request, waiting);
      const adopted = await ask(request);
      if (adopted.result !== "unavailable") return adopted;
      isThrottled ||= adopted.response?.outcome === "throttled";
      return addPending(request, nextTry(1, adopted.response, deps.clock(), deps.random()));
    };
    const orNotStored = (kardAuditId: string) =>
      adoptOne(kardAuditId).catch((error: unknown): AdoptionResult => {
        deps.reportError(error);
        return { result: "not-stored" };
      });
    return pMap(kardAuditIds, orNotStored, { concurrency: callsAtOnce });
  };
}
