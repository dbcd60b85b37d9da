import pMap from "p-map";
import { type AdoptDeps, type AdoptRequest, type AdoptResult, adoptAudit } from "../core/tracking/adopt-audit.ts";
import { type Adoption, nextTry } from "../core/tracking/adoption.ts";
import { findByKardId } from "../core/tracking/find-by-kard-id.ts";
import type { AdoptionStore } from "../core/tracking/ports.ts";

export interface AdoptAuditsDeps extends AdoptDeps {
  adoptions: AdoptionStore;
  random: () => number;
}

/**
 * What became of one Kard id. `pending`: Kard could not be asked, and the poller goes on asking. `not-stored`: the
 * table did not take even that, so nobody does.
 */
export type AdoptionResult =
  | Exclude<AdoptResult, { result: "unavailable" }>
  | { result: "pending"; adoption: Adoption }
  | { result: "not-stored" };

const callsAtOnce = 10;

/** No adoption begins later than this, in milliseconds: the function must answer well within its 29 seconds. */
const lastCallAfterMs = 10_000;

/**
 * Tracks audits that exist at Kard, by Kard's ids; one result per id, in their order. What Kard cannot be asked about
 * in time is stored in lane SUBMIT before it is answered. After Kard has throttled one call, none is made for the ids
 * behind. Everything that has begun is awaited, and what fails fails alone.
 */
export function adoptAudits(deps: AdoptAuditsDeps) {
  const adopt = adoptAudit(deps);

  const addPending = async (request: AdoptRequest, next: Pick<Adoption, "attempts" | "laneAt">) => {
    const adoption = await deps.adoptions.add({ ...request, createdAt: deps.clock(), ...next });
    return { result: "pending", adoption } as const;
  };

  /** Without asking Kard. */
  const look = async (request: AdoptRequest, waiting: Adoption | undefined): Promise<AdoptionResult> => {
    const found = await findByKardId(deps)(request.organizationId, request.kardAuditId);
    if (found.outcome === "tracked") return { result: "already-tracked", audit: found.audit };
    if (waiting !== undefined) return { result: "pending", adoption: waiting };
    return addPending(request, { attempts: 0, laneAt: deps.clock() });
  };

  /** A failure of ours is, like one of Kard's, made up for by the poller. */
  const ask = (request: AdoptRequest) =>
    adopt(request).catch((error: unknown) => {
      deps.reportError(error);
      return { result: "unavailable", answer: undefined } as const;
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
      isThrottled ||= adopted.answer?.outcome === "throttled";
      return addPending(request, nextTry(1, adopted.answer, deps.clock(), deps.random()));
    };
    const orNotStored = (kardAuditId: string) =>
      adoptOne(kardAuditId).catch((error: unknown): AdoptionResult => {
        deps.reportError(error);
        return { result: "not-stored" };
      });
    return pMap(kardAuditIds, orNotStored, { concurrency: callsAtOnce });
  };
}
