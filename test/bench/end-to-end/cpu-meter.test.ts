import { expect, test } from "@jest/globals";
import { cpuByPart, cpuMeter } from "./cpu-meter.ts";

test("what is neither a function's nor the main thread's is the emulators'", () => {
  const parts = cpuByPart(100, 30, { "audits-api": 20, "poll-audits": 5 });

  expect(parts).toMatchObject({ "audits-api": 20, "poll-audits": 5 });
  expect(Object.values(parts)).toEqual([20, 5, 30, 45]);
});

test("rounding does not make a part negative", () => {
  expect(Math.min(...Object.values(cpuByPart(10, 8, { "audits-api": 3 })))).toBe(0);
});

test("a function's time counts once", () => {
  const meter = cpuMeter();
  meter.add("audits-api", 2);
  meter.add("audits-api", 3);

  expect(meter.take()["audits-api"]).toBe(5);
  expect(meter.take()["audits-api"]).toBe(0);
});
