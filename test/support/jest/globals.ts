import type { Jest } from "@jest/environment";
import { ModernFakeTimers } from "@jest/fake-timers";

type Globals = typeof import("@jest/globals");

const { jest: mocks, ...others } = globalThis as unknown as Globals;
const timers = new ModernFakeTimers({ config: { fakeTimers: {} }, global: globalThis } as never);

export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } = others;

/** What tests use of Jest's `jest` object. The fake timers are Jest's own: jest-light-runner's take no options. */
export const jest: Partial<Jest> = {
  fn: mocks.fn,
  spyOn: mocks.spyOn,
  restoreAllMocks: mocks.restoreAllMocks,
  useFakeTimers: (config) => {
    timers.useFakeTimers(config as Parameters<typeof timers.useFakeTimers>[0]);
    return jest as Jest;
  },
  useRealTimers: () => {
    timers.useRealTimers();
    return jest as Jest;
  },
  advanceTimersByTime: (ms) => timers.advanceTimersByTime(ms),
  advanceTimersByTimeAsync: (ms) => timers.advanceTimersByTimeAsync(ms),
};
