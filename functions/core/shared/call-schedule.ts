/** A request for slots, that is, start times of calls. Times are epoch milliseconds. */
export interface SlotRequest {
  /** What the rate limit applies to, such as a Kard credential or a webhook endpoint. */
  scheduleId: string;
  organizationId: string;
  /** How many slots are wanted. Fewer may be granted. */
  calls: number;
  /** The time between two slots, in milliseconds. */
  intervalMs: number;
  now: number;
  /** How long after `now` the last slot may be, in milliseconds. */
  maxWaitMs: number;
}

/** Consecutive slots, `intervalMs` apart from `startAt`. `count` is 0 if the schedule is full. */
export interface Slots {
  startAt: number;
  count: number;
}

/** Schedules of calls, each shared by all environments of all functions. */
export interface CallSchedule {
  /** @throws if the schedule cannot be reached; slots may be reserved and stay unused */
  reserve(request: SlotRequest): Promise<Slots>;
}

/** A stored schedule: the first free slot, and until when this issuer has reserved slots. */
export interface ScheduleRow {
  nextAt?: number | undefined;
  holdsUntil?: number | undefined;
}

/** A schedule this far in the future was written by a wrong clock. It starts again from now. */
export const maxFutureMs = 60_000;

/**
 * Assigns slots. The first half of the allowed wait is open to everyone. In the second half an issuer gets one slot,
 * and only if it has none reserved. So a busy issuer never takes the last slot from another.
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
