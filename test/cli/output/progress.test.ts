import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { startProgress } from "../../../cli/output/progress.ts";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test.each([
  ["a known total", 5_000, ["1200 of 5000 lines\n", "1500 of 5000 lines\n"]],
  ["no total", undefined, ["1200 lines\n", "1500 lines\n"]],
])("without a terminal it writes a line every five seconds, with %s", (_, total, lines) => {
  const log = new PassThrough({ encoding: "utf8" });
  const progress = startProgress("lines", total, log);
  expect(log.read()).toBeNull();
  progress.step(1_200);
  jest.advanceTimersByTime(5_000);
  progress.step(300);
  jest.advanceTimersByTime(5_000);
  progress.stop();
  jest.advanceTimersByTime(60_000);
  expect(log.read()).toBe(lines.join(""));
});
