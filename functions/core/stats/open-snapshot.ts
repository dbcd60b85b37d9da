import type { Clock, ReportError } from "../shared/ports.ts";
import { type CountOpenDeps, countOpen } from "./count-open.ts";
import { dayMs } from "./day-figures.ts";
import type { OpenFigures, OpenSnapshot } from "./open-figures.ts";
import type { OpenSnapshotStore } from "./ports.ts";

interface SnapshotDeps extends CountOpenDeps {
  openSnapshots: OpenSnapshotStore;
}

export interface ReadOpenDeps extends SnapshotDeps {
  reportError: ReportError;
}

export interface RefreshOpenDeps extends SnapshotDeps {
  clock: Clock;
}

const minuteMs = 60_000;

/** Up to so many open audits are counted at each request, and not stored. */
export const alwaysCounted = 2_000;
/** An older snapshot is not used. */
export const usableMs = 60 * minuteMs;
/** How long the sweep goes on after figures were asked for: a weekly report still finds a snapshot. */
export const askedForMs = 8 * dayMs;
const askedPrecisionMs = dayMs;
const leastIntervalMs = 5 * minuteMs;
/** It bounds what the sweep reads a minute, whatever the number of audits. */
const auditsPerMinute = 10_000;

/** How long after a count the sweep counts again, in milliseconds. */
export function intervalMs(audits: number): number {
  return Math.max(leastIntervalMs, (audits / auditsPerMinute) * minuteMs);
}

/**
 * Returns the figures of an issuer's open audits: counted now if there are few, or no usable snapshot. A snapshot that
 * cannot be read or stored is reported.
 */
export function readOpen(deps: ReadOpenDeps) {
  const store = (organizationId: string, snapshot: OpenSnapshot) =>
    deps.openSnapshots.put(organizationId, snapshot).catch(deps.reportError);

  return async (organizationId: string, now: number): Promise<OpenFigures> => {
    const stored = await deps.openSnapshots.get(organizationId).catch(deps.reportError);
    if (stored && stored.audits > alwaysCounted && now - stored.asOf < usableMs) {
      const asked = { ...stored, askedAt: now, laneAt: stored.laneAt ?? now, revision: stored.revision + 1 };
      if (now - stored.askedAt >= askedPrecisionMs) await store(organizationId, asked);
      return stored;
    }
    const counted = await countOpen(deps)(organizationId, now);
    const revision = (stored?.revision ?? 0) + 1;
    if (counted.audits > alwaysCounted)
      await store(organizationId, { ...counted, revision, askedAt: now, laneAt: now + intervalMs(counted.audits) });
    return counted;
  };
}

/**
 * Counts an issuer's open audits again, if its snapshot is due and figures are still asked for. The snapshot's next
 * time is stored first: another sweep does not count as well, and after a crash the next count is after the interval.
 */
export function refreshOpen(deps: RefreshOpenDeps) {
  return async (organizationId: string): Promise<void> => {
    const stored = await deps.openSnapshots.get(organizationId);
    const now = deps.clock();
    if (stored?.laneAt === undefined || stored.laneAt > now) return;
    const isAskedFor = now - stored.askedAt < askedForMs;
    const claimed = {
      ...{ ...stored, revision: stored.revision + 1 },
      laneAt: isAskedFor ? now + intervalMs(stored.audits) : undefined,
    };
    if ((await deps.openSnapshots.put(organizationId, claimed)) === "stale" || !isAskedFor) return;
    const counted = await countOpen(deps)(organizationId, now);
    await deps.openSnapshots.put(organizationId, {
      ...{ ...counted, askedAt: stored.askedAt, revision: claimed.revision + 1 },
      laneAt: counted.audits > alwaysCounted ? claimed.laneAt : undefined,
    });
  };
}
