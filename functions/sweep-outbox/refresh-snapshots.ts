import { type RefreshOpenDeps, refreshOpen } from "../core/stats/open-snapshot.ts";

/** Further snapshots are left to the next sweep. */
const maxSnapshots = 100;

/** The time reserved for counting an issuer's open audits, in milliseconds. */
const longestCountMs = 20_000;

/**
 * Counts open audits again for issuers whose snapshots are due, one after the other.
 *
 * @param stopAt nothing new starts shortly before this time (epoch milliseconds)
 * @returns the errors; they do not stop the others
 */
export function refreshSnapshots(deps: RefreshOpenDeps) {
  return async (stopAt: number): Promise<{ failures: unknown[] }> => {
    const failures: unknown[] = [];
    for (const organizationId of await deps.openSnapshots.due(deps.clock(), maxSnapshots)) {
      if (deps.clock() >= stopAt - longestCountMs) break;
      await refreshOpen(deps)(organizationId).catch((error: unknown) => void failures.push(error));
    }
    return { failures };
  };
}
