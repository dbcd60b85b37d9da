import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { interactiveRateLimit } from "../../../../functions/core/kard/interactive-rate-limit.ts";
import type { CallSchedule } from "../../../../functions/core/shared/call-schedule.ts";
import { noon } from "../../../support/fake-clock.ts";
import { memoryCallSchedule } from "../../../support/memory/call-schedule.ts";
import { mostInAnySecond } from "../../../support/polling/most-in-any-second.ts";
import { virtualTime } from "../../../support/virtual-time.ts";

/** Environments with their own clocks, over one schedule with a delay. */
function environments(clockErrors: readonly number[], tableMs: () => number, callsPerSecond = 10, maxWaitMs = 2_000) {
  const time = virtualTime(noon);
  const errors: unknown[] = [];
  const refusals: number[] = [];
  let writes = 0;
  const stored = memoryCallSchedule();
  const schedule: CallSchedule = {
    async reserve(request) {
      writes++;
      await time.sleep(tableMs() / 2);
      const slots = await stored.reserve(request);
      await time.sleep(tableMs() / 2);
      return slots;
    },
  };
  const budgets = clockErrors.map((error) =>
    interactiveRateLimit({
      schedule,
      credentials: { credentialIdentityFor: async () => ({ credentialId: "credential", isShared: true }) },
      clock: () => time.clock() + error,
      sleep: time.sleep,
      callsPerSecond,
      arrivalSpreadMs: 250,
      maxWaitMs,
      onRefused: () => refusals.push(time.clock()),
      onError: (error) => errors.push(error),
    }),
  );
  return { time, schedule, budgets, errors, refusals, writes: () => writes };
}

describe("calls of one environment", () => {
  test("that start together reserve together, and start evenly", async () => {
    const { time, budgets, writes } = environments([0], () => 10);
    const starts: number[] = [];
    const admitted = await time.run(
      Promise.all(
        Array.from({ length: 5 }, async () => {
          const isAdmitted = await budgets[0]?.("org");
          starts.push(time.clock() - noon);
          return isAdmitted;
        }),
      ),
    );
    expect(admitted).toEqual([true, true, true, true, true]);
    expect(starts).toEqual([10, 125, 250, 375, 500]);
    expect(writes()).toBe(1);
  });

  test("that start during a reservation share the next one", async () => {
    const { time, budgets, writes } = environments([0], () => 10);
    const begin = async (ms: number) => {
      await time.sleep(ms);
      return budgets[0]?.("org");
    };
    await time.run(Promise.all([begin(0), begin(2), begin(4), begin(6)]));
    expect(writes()).toBe(2);
  });

  test("that find no slot within their wait are refused at once", async () => {
    const { time, budgets, refusals } = environments([0], () => 10);
    const all = await time.run(Promise.all(Array.from({ length: 100 }, () => budgets[0]?.("org"))));
    expect(all?.filter(Boolean)).toHaveLength(9);
    expect(refusals).toEqual(Array.from({ length: 91 }, () => noon + 10));
    expect(time.clock() - noon).toBe(1_000);
  });
});

test("an issuer that floods the credential does not block another", async () => {
  const { time, budgets } = environments([0, 3, -3], () => 10);
  let flooding = true;
  const flood = async (number: number) => {
    for (let turn = 0; flooding; turn++) {
      for (let call = 0; call < 5; call++) void budgets[number]?.("flooding");
      await time.sleep(5 + (turn % 7));
    }
  };
  const other = async () => {
    const admitted: (boolean | undefined)[] = [];
    for (let turn = 0; turn < 30; turn++) {
      await time.sleep(1_000 + turn);
      admitted.push(await budgets[2]?.("other"));
    }
    flooding = false;
    return admitted;
  };
  const [admitted] = (await time.run(Promise.all([other(), flood(0), flood(1)]))) ?? [];
  expect(admitted).toEqual(Array.from({ length: 30 }, () => true));
});

test("a call that is too late for its slot takes another, to keep its distance to the next", async () => {
  const waits = [400, 10, 10];
  const { time, budgets } = environments([0], () => waits.shift() ?? 10);
  expect(await time.run(Promise.resolve(budgets[0]?.("org")))).toBe(true);
  expect(time.clock() - noon).toBeGreaterThan(205);
});

test("if the schedule cannot be reached calls are refused and the error is reported", async () => {
  const { time, schedule, budgets, errors } = environments([0], () => 10);
  const broken = new Error("the table does not answer");
  schedule.reserve = () => Promise.reject(broken);
  expect(await time.run(Promise.all([budgets[0]?.("org"), budgets[0]?.("org")]))).toEqual([false, false]);
  expect(errors).toEqual([broken]);
});

test("in any second, at any offset, there are at most as many calls as the limit", async () => {
  const arrival = fc.record({
    at: fc.integer({ min: 0, max: 6_000 }),
    environment: fc.nat(3),
    issuer: fc.nat(2),
    calls: fc.integer({ min: 1, max: 20 }),
    onItsWay: fc.integer({ min: 0, max: 100 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 4, maxLength: 4 }),
      fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 20 }),
      fc.array(arrival, { minLength: 1, maxLength: 25 }),
      fc.integer({ min: 1, max: 20 }),
      async (clockErrors, tableTimes, arrivals, limit) => {
        let responses = 0;
        const tableMs = () => tableTimes[responses++ % tableTimes.length] ?? 0;
        const { time, budgets, errors } = environments(clockErrors, tableMs, limit);
        const atKard: number[] = [];
        const call = async ({ at, environment, issuer, onItsWay }: (typeof arrivals)[number], number: number) => {
          await time.sleep(at);
          if (await budgets[environment]?.(`issuer-${issuer}`)) {
            atKard.push(time.clock() + ((onItsWay * (number + 1)) % 101));
          }
        };
        await time.run(
          Promise.all(arrivals.flatMap((one) => Array.from({ length: one.calls }, (_, number) => call(one, number)))),
        );
        expect(errors).toEqual([]);
        expect(mostInAnySecond(atKard)).toBeLessThanOrEqual(limit);
      },
    ),
    { numRuns: 300 },
  );
});
