import type { Clock } from "../shared/ports.ts";
import { networkSpreadMs, steadyRate } from "../shared/steady-rate.ts";
import type { CallSchedule, Slots } from "./call-schedule.ts";
import type { KardCredentials } from "./ports.ts";

/** How far clocks of two environments may differ. Lambda's are kept by the Amazon Time Sync Service. */
const clockSpreadMs = 100;
/** Slots are asked for this far ahead at most, in milliseconds. */
const maxLeadMs = 500;

export interface InteractiveRateLimitDeps {
  schedule: CallSchedule;
  credentials: KardCredentials;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
  /** Interactive calls of a credential that Kard may see in a second, from all environments together. */
  callsPerSecond: number;
  /**
   * How far the times from a slot to the call's arrival at Kard may differ, in milliseconds: the reserve of the rate.
   */
  arrivalSpreadMs: number;
  /** How long a call may wait for its slot, in milliseconds. */
  maxWaitMs: number;
  /** A call was refused. */
  onRefused: () => void;
  /** The schedule could not be reached: calls are refused. */
  onError: (error: unknown) => void;
}

/** Asked before each call. Resolves when the call may start, with `false` if it may not be made now. */
export type Admit = (organizationId: string) => Promise<boolean>;

/**
 * Keeps interactive calls within their share of Kard's rate limit, over all environments: each call waits for a slot of
 * its credential's schedule. Calls that wait together reserve their slots together, in one write.
 */
export function interactiveRateLimit(deps: InteractiveRateLimitDeps): Admit {
  const { schedule, credentials, clock, sleep, maxWaitMs } = deps;
  /** A slot is lost when it cannot be used so soon: a call made later would come too close to those behind it. */
  const maxLateMs = deps.arrivalSpreadMs - clockSpreadMs - networkSpreadMs;
  // In whole microseconds, so that sums of them are exact in the table.
  const intervalMs = Math.ceil(1e6 / steadyRate(deps.callsPerSecond, deps.arrivalSpreadMs)) / 1e3;
  /** By how much the last call was too late for its slot: the next slots are asked for so far ahead. */
  let leadMs = 0;
  const waiting = new Map<string, ((slot: number | undefined) => void)[]>();

  const reserve = async (credentialId: string, organizationId: string, calls: number): Promise<Slots> => {
    const request = { credentialId, organizationId, calls, intervalMs, maxWaitMs, now: clock() + leadMs };
    try {
      return await schedule.reserve(request);
    } catch (error) {
      deps.onError(error);
      return { startAt: 0, count: 0 };
    }
  };

  const serve = async (key: string, credentialId: string, organizationId: string) => {
    // A turn of the event loop, so that calls that begin together share the first write.
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
