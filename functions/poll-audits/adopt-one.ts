import type { StatusOutcome } from "../core/kard/ports.ts";
import { type AdoptDeps, type AdoptResult, adoptAudit } from "../core/tracking/adopt-audit.ts";
import { type Adoption, type AdoptionRow, givenUpAt, nextTry } from "../core/tracking/adoption.ts";
import type { AdoptionStore } from "../core/tracking/ports.ts";
import type { IssuerCalls } from "./kard/kard-calls.ts";
import { classifyResponse, keepResponse } from "./kard/kard-response.ts";
import type { TickCounts } from "./tick-counts.ts";
import { type RowResult, unprocessedRow } from "./work-page.ts";

export interface AdoptOneDeps extends Omit<AdoptDeps, "reportError"> {
  adoptions: AdoptionStore;
  random: () => number;
  /** Called for each adoption that ends without success. */
  onGivenUp: (adoption: Adoption) => void;
}

/**
 * Retries one pending adoption of lane SUBMIT. It ends when Kard answers, or with the first failed try after its
 * deadline.
 */
export function adoptOne(deps: AdoptOneDeps, calls: IssuerCalls) {
  return async (row: AdoptionRow): Promise<RowResult> => {
    if (calls.isStopped("retry")) return unprocessedRow;
    const waiting = await deps.adoptions.get(row);
    if (waiting === undefined || waiting.laneAt > deps.clock()) return { row: "done", counts: {}, errors: [] };
    const errors: unknown[] = [];
    const read = keepResponse(deps.kard.getAudit);
    const kard = { getAudit: read.call };
    const reportError = (error: unknown) => void errors.push(error);
    const adopt = () =>
      adoptAudit({ ...deps, kard, reportError })(waiting).catch((error: unknown) => {
        reportError(error);
        return { result: "unavailable", response: read.answered() } as const;
      });
    const adopted = await calls.call("retry", adopt, () => classifyResponse(read.answered()));
    if (adopted === "stopped") return unprocessedRow;
    try {
      return { row: "done", counts: { [await conclude(deps, waiting, adopted)]: 1 }, errors };
    } catch (error) {
      // It is still due, so the next tick continues with what this one stored.
      return { row: "done", counts: {}, errors: [...errors, error] };
    }
  };
}

type Unavailable = { result: "unavailable"; response: StatusOutcome | undefined };

/** Ends an adoption or sets its next try, and returns the count of the result. */
async function conclude(
  { adoptions, clock, random, onGivenUp }: AdoptOneDeps,
  waiting: Adoption,
  adopted: Exclude<AdoptResult, { result: "unavailable" }> | Unavailable,
): Promise<keyof TickCounts> {
  switch (adopted.result) {
    case "adopted":
    case "already-tracked":
      await adoptions.remove(waiting);
      return "adopted";
    case "unknown":
      await adoptions.remove(waiting);
      return "adoptionsUnknown";
    case "unavailable": {
      const now = clock();
      if (now >= givenUpAt(waiting)) {
        await adoptions.remove(waiting);
        onGivenUp(waiting);
        return "adoptionsGivenUp";
      }
      await adoptions.postpone(waiting, nextTry(waiting.attempts + 1, adopted.response, now, random()));
      return "stillUnadopted";
    }
  }
}
