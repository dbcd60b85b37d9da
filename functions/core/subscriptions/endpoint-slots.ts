import type { CallSchedule } from "../shared/call-schedule.ts";
import type { Clock } from "../shared/ports.ts";
import type { Subscription } from "./subscription.ts";

/** Times for attempts to endpoints with a maximum rate, over all environments. Times are epoch milliseconds. */
export interface EndpointSlots {
  /**
   * Reserves the next attempt.
   *
   * @param aheadMs how far ahead it may be, in milliseconds
   * @returns its time; `undefined` if none is free until then
   * @throws if the schedule cannot be reached; a slot may be reserved and stay unused
   */
  reserve(subscription: LimitedSubscription, aheadMs: number): Promise<number | undefined>;
  /**
   * A turn of a delivery that has found no slot: when it should ask again. Turns come at the maximum rate, within the
   * next hour.
   *
   * @throws if the schedule cannot be reached
   */
  turn(subscription: LimitedSubscription): Promise<number>;
}

export type LimitedSubscription = Pick<Subscription, "organizationId" | "subscriptionId"> & { maxPerSecond: number };

export interface EndpointSlotsDeps {
  schedule: CallSchedule;
  clock: Clock;
  sleep: (ms: number) => Promise<unknown>;
}

/** When the first turn is, and how far ahead the last one may be, in milliseconds. */
const firstTurnMs = 1_000;
const lastTurnMs = 60 * 60_000;

/**
 * Keeps the attempts to an endpoint within its `maxPerSecond`. Slots and turns are `1 / maxPerSecond` apart, in two
 * schedules per subscription. Deliveries of this environment that ask at the same time share a write.
 */
export function endpointSlots({ schedule, clock, sleep }: EndpointSlotsDeps): EndpointSlots {
  const waiting = new Map<string, PromiseWithResolvers<number | undefined>[]>();

  const reserveAll = async (ask: Ask, calls: number): Promise<number[]> => {
    const { organizationId, maxPerSecond, scheduleId, fromMs, aheadMs } = ask;
    // In whole microseconds, so that sums are exact in the table.
    const intervalMs = Math.ceil(1e6 / maxPerSecond) / 1e3;
    // One issuer alone uses a schedule, so only the first half of the wait is for it.
    const maxWaitMs = 2 * aheadMs;
    const request = { scheduleId, organizationId, calls, intervalMs, now: clock() + fromMs, maxWaitMs };
    const { startAt, count } = await schedule.reserve(request);
    return Array.from({ length: count }, (_, place) => startAt + place * intervalMs);
  };

  const serve = async (key: string, ask: Ask) => {
    // One turn of the event loop, so that the deliveries of a batch share the write.
    await sleep(0);
    const asking = waiting.get(key) ?? [];
    waiting.delete(key);
    try {
      const times = await reserveAll(ask, asking.length);
      for (const [place, { resolve }] of asking.entries()) resolve(times[place]);
    } catch (error) {
      for (const { reject } of asking) reject(error);
    }
  };

  const next = (ask: Ask): Promise<number | undefined> => {
    const key = JSON.stringify([ask.scheduleId, ask.aheadMs]);
    const answer = Promise.withResolvers<number | undefined>();
    const asking = waiting.get(key);
    if (asking === undefined) {
      waiting.set(key, [answer]);
      void serve(key, ask);
    } else asking.push(answer);
    return answer.promise;
  };

  return {
    reserve: (subscription, aheadMs) =>
      next({ ...subscription, scheduleId: scheduleOf(subscription), fromMs: 0, aheadMs }),
    async turn(subscription) {
      const scheduleId = `${scheduleOf(subscription)}/turns`;
      const turn = await next({ ...subscription, scheduleId, fromMs: firstTurnMs, aheadMs: lastTurnMs });
      return turn ?? clock() + lastTurnMs;
    },
  };
}

interface Ask extends LimitedSubscription {
  scheduleId: string;
  fromMs: number;
  aheadMs: number;
}

function scheduleOf({ organizationId, subscriptionId }: LimitedSubscription): string {
  return `${organizationId}/${subscriptionId}`;
}
