import { expect, test } from "@jest/globals";
import { timesLonger } from "../../../../../infra/local/runner/lambda/machine-load.ts";

test.each([
  ["an idle machine", 0, 1],
  ["a machine with a free core", 1.9, 1],
  ["two processes that want each core", 4, 2],
  ["a machine that hardly answers", 400, 20],
])("on %s", (_, load, times) => {
  expect(timesLonger(load, 2)).toBe(times);
});
