/** A request for times at which an issuer's calls may start. All times are in milliseconds since the epoch. */
export interface SlotRequest {
  /** The credential whose rate limit the calls count against. */
  credentialId: string;
  organizationId: string;
  /** How many calls are wanted: fewer may be granted. */
  calls: number;
  /** The time between two slots, in milliseconds. */
  intervalMs: number;
  now: number;
  /** How long after `now` the last slot may be. */
  maxWaitMs: number;
}

/** Consecutive slots, `intervalMs` apart from `startAt`; `count` is 0 if the schedule is full. */
export interface Slots {
  startAt: number;
  count: number;
}

/** The schedule of a credential's interactive calls, shared by all environments of all functions. */
export interface CallSchedule {
  /** @throws if the schedule cannot be reached; slots may be reserved then, and stay unused */
  reserve(request: SlotRequest): Promise<Slots>;
}

/** What a schedule has stored: the first slot that is free, and until when this issuer has slots ahead. */
export interface ScheduleRow {
  nextAt?: number | undefined;
  holdsUntil?: number | undefined;
}

/** A schedule this far beyond what anyone may reserve was written by a clock that was wrong: it begins anew. */
export const maxFutureMs = 60_000;

/**
 * Which slots a request gets. The first half of the time it may wait is open to all. In the second half an issuer
 * gets one slot, if it has none ahead: so an issuer that asks for more than there is never takes the last slot from
 * another.
 */
export function slotsOf({ nextAt, holdsUntil }: ScheduleRow, request: SlotRequest): Slots & { isIdle: boolean } {
  const { calls, intervalMs, now, maxWaitMs } = request;
  const isIdle = nextAt === undefined || nextAt <= now || nextAt > now + maxWaitMs + maxFutureMs;
  const startAt = isIdle ? now : nextAt;
  const open = Math.floor((now + maxWaitMs / 2 - startAt) / intervalMs) + 1;
  if (open > 0) return { startAt, count: Math.min(calls, open), isIdle };
  const hasOwnTurn = startAt <= now + maxWaitMs && (holdsUntil ?? 0) <= now;
  return { startAt, count: hasOwnTurn ? 1 : 0, isIdle };
}
