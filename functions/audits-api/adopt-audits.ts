import pMap from "p-map";
import type { ReportError } from "../core/shared/ports.ts";
import { type AdoptDeps, type AdoptResult, adoptAudit } from "../core/tracking/adopt-audit.ts";

export interface AdoptAuditsDeps extends AdoptDeps {
  reportError: ReportError;
}

const callsAtOnce = 10;

/** No adoption begins later than this, in milliseconds: the function must answer well within its 29 seconds. */
const lastCallAfterMs = 10_000;

/**
 * Tracks audits that exist at Kard, by Kard's ids; one result per id, in their order. Everything that has begun is
 * awaited. An adoption that fails, or for which there was no time, is `unavailable`: repeating the request continues
 * with it.
 */
export function adoptAudits(deps: AdoptAuditsDeps) {
  const adopt = adoptAudit(deps);
  return (organizationId: string, userId: string, kardAuditIds: readonly string[]): Promise<AdoptResult[]> => {
    const start = deps.clock();
    const adoptOne = async (kardAuditId: string): Promise<AdoptResult> => {
      if (deps.clock() - start > lastCallAfterMs) return { result: "unavailable" };
      try {
        return await adopt({ organizationId, userId, kardAuditId });
      } catch (error) {
        deps.reportError(error);
        return { result: "unavailable" };
      }
    };
    return pMap(kardAuditIds, adoptOne, { concurrency: callsAtOnce });
  };
}
