import { expect, test } from "@jest/globals";
import { testLimit } from "../../../../functions/subscriptions-api/subscriptions/test-limit.ts";
import { fakeClock } from "../../../support/fake-clock.ts";
import { memoryCallSchedule } from "../../../support/memory/call-schedule.ts";

function limits() {
  const clock = fakeClock();
  const callSchedule = memoryCallSchedule();
  return { clock, environments: [1, 2].map(() => testLimit({ callSchedule, clock: clock.now })) };
}

test("an issuer sends 15 tests at once, over all environments, and then one every two seconds", async () => {
  const { clock, environments } = limits();
  const ask = (number: number) => environments[number % 2]?.("bank-a");
  const atOnce = await Promise.all(Array.from({ length: 15 }, (_, number) => ask(number)));
  expect(atOnce).toEqual(Array(15).fill(undefined));
  expect(await ask(15)).toBe(2);
  clock.advance(2_000);
  expect(await ask(16)).toBeUndefined();
  expect(await ask(17)).toBe(2);
});

test("tests of 15 seconds each occupy at most 23 environments", async () => {
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
  expect(most).toBeGreaterThan(15);
  expect(most).toBeLessThanOrEqual(23);
});

test("the tests of one issuer do not delay those of another", async () => {
  const { environments } = limits();
  for (let tries = 0; tries < 20; tries++) await environments[0]?.("bank-a");
  expect(await environments[1]?.("bank-b")).toBeUndefined();
});
