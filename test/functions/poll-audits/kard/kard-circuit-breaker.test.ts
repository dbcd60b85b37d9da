import { expect, test } from "@jest/globals";
import { circuitBreaker } from "../../../../functions/poll-audits/kard/kard-circuit-breaker.ts";

test("an answered follow-up does not close a circuit that the last tick left open; a call of the plan does", () => {
  const breaker = circuitBreaker({ wasOpen: true });
  breaker.record("follow-up", { result: "answered" });
  expect(breaker.state()).toBe("probing");
  breaker.record("plan", { result: "answered" });
  expect(breaker.state()).toBe("closed");
});

test("throttled follow-ups stop follow-ups only", () => {
  const breaker = circuitBreaker({ wasOpen: false });
  breaker.record("follow-up", { result: "throttled", retryAfterMs: 1_000 });
  expect([breaker.isOpenTo("follow-up"), breaker.isOpenTo("plan"), breaker.state()]).toEqual([true, false, "probing"]);
});
