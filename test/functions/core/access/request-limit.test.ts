import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { requestLimit } from "../../../../functions/core/access/request-limit.ts";
import { fakeClock } from "../../../support/fake-clock.ts";
import { memoryRequestCounts } from "../../../support/memory/request-counts.ts";

/** Environments with a shared count and clock. Reports arrive at once unless they are delayed. */
function start(perSecond: number, environments = 1) {
  const clock = fakeClock();
  const counts = memoryRequestCounts();
  const underWay: Promise<unknown>[] = [];
  let calls = 0;
  let isAway = false;
  const limits = Array.from({ length: environments }, () =>
    requestLimit({
      clock: clock.now,
      perSecond,
      runInBackground: (work) => underWay.push(work.catch(() => undefined)),
      counts: {
        async add(...report) {
          calls++;
          if (isAway) throw new Error("the table is away");
          return counts.add(...report);
        },
      },
    }),
  );
  return {
    clock,
    calls: () => calls,
    goAway() {
      isAway = true;
    },
    /** Makes a caller's requests at the environments in turn. Returns how many were admitted. */
    async ask(requests: number, callerId = "key") {
      let admitted = 0;
      for (let i = 0; i < requests; i++) {
        if (limits[i % environments]?.(callerId) === undefined) admitted++;
        await Promise.all(underWay);
      }
      return admitted;
    },
    wait: (callerId = "key") => limits[0]?.(callerId),
  };
}

test("a caller may use its rate in each ten seconds", async () => {
  const { ask, clock } = start(10);
  expect(await ask(150)).toBe(100);
  clock.advance(9_999);
  expect(await ask(1)).toBe(0);
  clock.advance(1);
  expect(await ask(150)).toBe(100);
});

test("a refused caller gets the whole seconds to wait", async () => {
  const { ask, clock, wait } = start(1);
  await ask(10);
  expect(wait()).toBe(10);
  clock.advance(5_500);
  expect(wait()).toBe(5);
  clock.advance(4_499);
  expect(wait()).toBe(1);
  clock.advance(1);
  expect(wait()).toBeUndefined();
});

test("callers have separate limits", async () => {
  const { ask } = start(10);
  await ask(150, "one");
  expect(await ask(100, "other")).toBe(100);
});

describe("over many environments", () => {
  test.each([
    [1, 1_000],
    [10, 1_010],
    [25, 1_100],
  ])("the limit is shared: of a thousand, %d environments admit at most %d", async (environments, most) => {
    const { ask } = start(100, environments);
    const admitted = await ask(5_000);
    expect(admitted).toBeGreaterThanOrEqual(1_000);
    expect(admitted).toBeLessThanOrEqual(most);
  });

  test("no request is refused below the limit, and above it each environment admits at most what it had not reported", async () => {
    const world = fc.record({
      perSecond: fc.integer({ min: 1, max: 60 }),
      environments: fc.integer({ min: 1, max: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(world, async ({ perSecond, environments }) => {
        const most = perSecond * 10;
        const { ask } = start(perSecond, environments);
        const admitted = await ask(most * 2 + environments * 20);
        expect(admitted).toBeGreaterThanOrEqual(most);
        expect(admitted).toBeLessThanOrEqual(most + environments * Math.ceil(most / 50));
      }),
      { numRuns: 30 },
    );
  });

  test("few requests cost no call, and a caller at its limit costs at most one per five requests", async () => {
    const { ask, calls } = start(100, 5);
    await ask(5 * 19);
    expect(calls()).toBe(0);
    const admitted = 95 + (await ask(2_000));
    expect(calls()).toBeLessThanOrEqual(admitted / 5);
  });
});

test("if the count cannot be reached, each environment applies the limit alone", async () => {
  const { ask, goAway } = start(10, 2);
  goAway();
  expect(await ask(400)).toBe(200);
});

test.each([0.1, 0.25])("a rate of %p a second is at least one in ten seconds", async (perSecond) => {
  const { ask } = start(perSecond);
  expect(await ask(10)).toBe(Math.max(1, Math.floor(perSecond * 10)));
});

test("a clock that is set back starts a new window", async () => {
  const { ask, clock } = start(1);
  await ask(20);
  clock.advance(-60_000);
  expect(await ask(20)).toBe(10);
});
