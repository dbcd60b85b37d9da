import { expect, test } from "@jest/globals";
import { measureRounds, medianRound, middleOf } from "./median-round.ts";

test("the round with the median ratio counts", () => {
  expect(middleOf([{ ratio: 3 }, { ratio: 1 }, { ratio: 2 }])).toEqual({ ratio: 2 });
  expect(middleOf([{ ratio: 5 }])).toEqual({ ratio: 5 });
});

test("warm-up rounds are not measured", async () => {
  let round = 0;
  const measured = await measureRounds(0, async () => ++round, { warmUp: 2, measured: 3 });

  expect(measured).toEqual([3, 4, 5]);
});

test("with latency, one round after one of warm-up counts", async () => {
  let ratio = 0;
  expect(await medianRound(50, async () => ({ ratio: ++ratio }))).toEqual({ ratio: 2 });
});
