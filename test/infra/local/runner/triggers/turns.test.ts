import { expect, test } from "@jest/globals";
import { createTurns } from "../../../../../infra/local/runner/triggers/turns.ts";

test("a schedule of an idle stack fires once in three turns, and in the first turn after a use", () => {
  let isIdle = false;
  const fires = createTurns(() => isIdle, 3);
  const turns = (count: number) => Array.from({ length: count }, fires);
  expect(turns(2)).toEqual([true, true]);
  isIdle = true;
  expect(turns(7)).toEqual([false, false, true, false, false, true, false]);
  isIdle = false;
  expect(turns(2)).toEqual([true, true]);
  isIdle = true;
  expect(turns(3)).toEqual([false, false, true]);
});
