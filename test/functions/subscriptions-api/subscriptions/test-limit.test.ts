import { expect, test } from "@jest/globals";
import { testLimit } from "../../../../functions/subscriptions-api/subscriptions/test-limit.ts";
import { fakeClock } from "../../../support/fake-clock.ts";
import { memoryCallSchedule } from "../../../support/memory/call-schedule.ts";

function limits() {
  const clock = fakeClock();
  const callSchedule = memoryCallSchedule();
  return { clock, environments: [1, 2].map(() => testLimit({ callSchedule, clock: clock.now })) };
}

test("an issuer sends five tests at once, over all environments, and then one every three seconds", async () => {
  const { clock, environments } = limits();
  const ask = (number: number) => environments[number % 2]?.("bank-a");
  const five = await Promise.all([0, 1, 2, 3, 4].map(ask));
  expect(five).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(await ask(5)).toBe(3);
  clock.advance(3_000);
  expect(await ask(6)).toBeUndefined();
  expect(await ask(7)).toBe(3);
});

test("tests of 15 seconds each occupy at most ten environments", async () => {
  const { clock, environments } = limits();
  const ends: number[] = [];
  let most = 0;
  for (let second = 0; second < 120; second++) {
    for (let tries = 0; tries < 20; tries++) {
      if ((await environments[tries % 2]?.("bank-a")) === undefined) ends.push(clock.now() + 15_000);
    }
    most = Math.max(most, ends.filter((end) => end > clock.now()).length);
    clock.advance(1_000);
  }
  expect(most).toBeGreaterThan(5);
  expect(most).toBeLessThanOrEqual(10);
});

test("the tests of one issuer do not delay those of another", async () => {
  const { environments } = limits();
  for (let tries = 0; tries < 20; tries++) await environments[0]?.("bank-a");
  expect(await environments[1]?.("bank-b")).toBeUndefined();
});
