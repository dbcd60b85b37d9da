import { expect, test } from "@jest/globals";
import { parseScheduleExpression } from "../../../../../infra/local/runner/triggers/schedule-expression.ts";

test.each([
  ["rate(1 minute)", 60_000],
  ["rate(5 minutes)", 300_000],
  ["rate(2 hours)", 7_200_000],
  ["rate(1 day)", 86_400_000],
])("%s is every %s ms", (expression, intervalMs) => {
  expect(parseScheduleExpression(expression, "S")).toEqual({ kind: "rate", intervalMs });
});

test.each([
  ["cron(0 12 * * ? *)", "2026-03-02T12:00:00Z", true],
  ["cron(0 12 * * ? *)", "2026-03-02T12:01:00Z", false],
  ["cron(*/15 * * * ? *)", "2026-03-02T12:45:00Z", true],
  ["cron(*/15 * * * ? *)", "2026-03-02T12:46:00Z", false],
  ["cron(0 8-17 ? * MON-FRI *)", "2026-03-02T08:00:00Z", true],
  ["cron(0 8-17 ? * MON-FRI *)", "2026-03-01T08:00:00Z", false],
  ["cron(0 0 1 JAN,MAR ? 2026)", "2026-03-01T00:00:00Z", true],
])("%s at %s: %s", (expression, at, fires) => {
  const parsed = parseScheduleExpression(expression, "S");
  expect(parsed.kind === "cron" && parsed.matches(new Date(at))).toBe(fires);
});

test.each(["at(2026-01-01T00:00:00)", "rate(0 minutes)", "cron(0 0 L * ? *)", "every minute"])(
  "refuses %s",
  (expression) => {
    expect(() => parseScheduleExpression(expression, "MySchedule")).toThrow(/^MySchedule: .* is not modelled$/);
  },
);
