import { expect, test } from "@jest/globals";
import { age, time } from "../../cli/option-values.ts";

test.each([
  ["2026-01-31", "2026-01-31T00:00:00.000Z"],
  ["2026-01-31T09:00:00+02:00", "2026-01-31T07:00:00.000Z"],
  ["2026-01-31T09:00+0200", "2026-01-31T07:00:00.000Z"],
  ["2026-01-31T09:00:00Z", "2026-01-31T09:00:00.000Z"],
])("%s is a time", (text, iso) => {
  expect(time(text)).toBe(iso);
});

test.each(["7", "2001", "7d", "yesterday", "1/2/2026", "2026-01-31T09:00:00", "2026-02-30", ""])(
  "%j is not a time, and the error says what is",
  (text) => {
    expect(() => time(text)).toThrow("It must be a date or time, such as 2026-01-31 or 2026-01-31T09:00:00Z.");
  },
);

test.each([
  ["90m", 5_400_000],
  ["12h", 43_200_000],
  ["30d", 2_592_000_000],
  ["4w", 2_419_200_000],
])("the age %s is %d milliseconds", (text, milliseconds) => {
  expect(age(text)).toBe(milliseconds);
});

test.each(["", "30", "d", "1.5d", "-1d", "30 d", "1y", "999999d"])("%p is not an age", (text) => {
  expect(() => age(text)).toThrow("It must be an age such as 90m, 12h, 30d or 4w.");
});
