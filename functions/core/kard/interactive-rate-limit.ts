import type { CallSchedule, Slots } from "../shared/call-schedule.ts";
import type { Clock } from "../shared/ports.ts";
import { networkSpreadMs, steadyRate } from "../shared/steady-rate.ts";
import type { KardCredentials } from "./ports.ts";

/** How far the clocks of two environments may differ. Lambda's clocks are set by the Amazon Time Sync Service. */
const clockSpreadMs = 100;
/** The longest that slots are requested in advance, in milliseconds. */
const maxLeadMs = 500;

export interface InteractiveRateLimitDeps {
  schedule: CallSchedule;
  credentials: KardCredentials;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
  /** Interactive calls per second by one credential, over all environments. */
  callsPerSecond: number;
  /** How far the delays from a slot to the call's arrival at Kard may differ, in milliseconds. */
  arrivalSpreadMs: number;
  /** How long a call may wait for its slot, in milliseconds. */
  maxWaitMs: number;
  /** Called when a call is refused. */
  onRefused: () => void;
  /** Called when the schedule cannot be reached. The call is refused. */
  onError: (error: unknown) => void;
}

/** Waits until a call may start; `false` if it may not start now. */
export type Admit = (organizationId: string) => Promise<boolean>;

/**
 * Keeps interactive calls within their share of Kard's rate limit, over all environments. Each call waits for a slot in
 * its credential's schedule. Calls that wait at the same time reserve their slots in one write.
 */
export function interactiveRateLimit(deps: InteractiveRateLimitDeps): Admit {
  const { schedule, credentials, clock, sleep, maxWaitMs } = deps;
  /** A slot cannot be used later than this: the call would come too close to the next ones. */
  const maxLateMs = deps.arrivalSpreadMs - clockSpreadMs - networkSpreadMs;
  // In whole microseconds, so that sums are exact in the table.
  const intervalMs = Math.ceil(1e6 / steadyRate(deps.callsPerSecond, deps.arrivalSpreadMs)) / 1e3;
  /** How late the last call was for its slot. The next slots are requested this far in advance. */
  let leadMs = 0;
  const waiting = new Map<string, ((slot: number | undefined) => void)[]>();

  const reserve = async (credentialId: string, organizationId: string, calls: number): Promise<Slots> => {
    const request = { scheduleId: credentialId, organizationId, calls, intervalMs, maxWaitMs, now: clock() + leadMs };
    try {
      return await schedule.reserve(request);
    } catch (error) {
      deps.onError(error);
      return { startAt: 0, count: 0 };
    }
  };

  const serve = async (key: string, credentialId: string, organizationId: string) => {
    // One turn of the event loop, so that calls that start together share the first write.
    await sleep(0);
    for (let queue = waiting.get(key) ?? []; queue.length > 0; ) {
      const batch = queue.splice(0);
      const { startAt, count } = await reserve(credentialId, organizationId, batch.length);
      for (const [place, take] of batch.entries()) take(place < count ? startAt + place * intervalMs : undefined);
    }
    waiting.delete(key);
  };

  const nextSlot = (credentialId: string, organizationId: string) =>
    new Promise<number | undefined>((take) => {
      const key = JSON.stringify([credentialId, organizationId]);
      const queue = waiting.get(key);
      if (queue !== undefined) return void queue.push(take);
      waiting.set(key, [take]);
      void serve(key, credentialId, organizationId);
    });

  const admit: Admit = async (organizationId) => {
    const { credentialId } = await credentials.credentialIdentityFor(organizationId);
    const until = clock() + maxWaitMs;
    while (clock() <= until) {
      const slot = await nextSlot(credentialId, organizationId);
      if (slot === undefined) return false;
      await sleep(Math.max(slot - clock(), 0));
      const lateMs = clock() - slot;
      leadMs = lateMs <= maxLateMs ? 0 : Math.min(lateMs, maxLeadMs);
      if (leadMs === 0) return true;
    }
    return false;
  };

  return async (organizationId) => {
    const isAdmitted = await admit(organizationId);
    if (!isAdmitted) deps.onRefused();
    return isAdmitted;
  };
}
