import { expect, test } from "@jest/globals";
import { time } from "../../cli/option-values.ts";

test.each([
  ["2026-01-31", "2026-01-31T00:00:00.000Z"],
  ["2026-01-31T09:00:00+02:00", "2026-01-31T07:00:00.000Z"],
  ["2026-01-31T09:00+0200", "2026-01-31T07:00:00.000Z"],
  ["2026-01-31T09:00:00Z", "2026-01-31T09:00:00.000Z"],
])("%s is a time", (text, iso) => {
  expect(time(text)).toBe(iso);
});

test.each(["7", "2001", "7d", "yesterday", "1/2/2026", "2026-01-31T09:00:00", "2026-02-30", ""])(
  "%j is none, and an error that says what is",
  (text) => {
    expect(() => time(text)).toThrow("It must be a date or time, such as 2026-01-31 or 2026-01-31T09:00:00Z.");
  },
);
