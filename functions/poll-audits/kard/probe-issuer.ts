import { shards } from "../../core/shared/lanes.ts";
import { settleAll } from "../../core/shared/settle-all.ts";
import { isAdoption } from "../../core/tracking/adoption.ts";
import type { AuditLanes } from "../../core/tracking/ports.ts";
import { type PollOneDeps, pollOne } from "../poll-one.ts";
import type { WorkResult } from "../tick-counts.ts";
import type { IssuerCalls } from "./kard-calls.ts";

const always = Number.MAX_SAFE_INTEGER;

/**
 * Makes one call for an issuer with an open circuit and no due audits, so that the circuit closes when Kard answers.
 * `isIdle` means that the issuer has nothing in its lanes to call Kard about.
 */
export async function probeIssuer(
  deps: PollOneDeps & { lanes: AuditLanes },
  calls: IssuerCalls,
  organizationId: string,
): Promise<WorkResult & { isIdle: boolean }> {
  const { lanes } = deps;
  try {
    for (const shard of shards) {
      const of = { organizationId, shard };
      const [open] = (await lanes.open(of, { from: 0, to: always }, undefined, 1)).rows;
      if (open !== undefined) return { isIdle: false, ...(await pollOne(deps, calls, "OPEN")(open)) };
      const [recheck] = (await lanes.due("RECHECK", of, always, 1)).rows;
      if (recheck !== undefined && !isAdoption(recheck)) {
        return { isIdle: false, ...(await pollOne(deps, calls, "RECHECK")(recheck)) };
      }
    }
    const { values, failures } = await settleAll(shards, (shard) =>
      lanes.due("SUBMIT", { organizationId, shard }, always, 1),
    );
    const isIdle = failures.length === 0 && values.every(({ rows }) => rows.length === 0);
    return { isIdle, counts: {}, errors: failures };
  } catch (error) {
    return { isIdle: false, counts: {}, errors: [error] };
  }
}
