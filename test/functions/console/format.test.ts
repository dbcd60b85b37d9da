import { expect, test } from "@jest/globals";
import { duration, money, moneySums, relative, roughly } from "../../../functions/console/logic/format.ts";

const hour = 3_600_000;

test.each([
  [0, "0 ms"],
  [420, "420 ms"],
  [5_700, "5.7 s"],
  [59_000, "59 s"],
  [61_000, "1 min"],
  [2 * hour + 60_000, "2 h 1 min"],
  [24 * hour, "1 d"],
  [100 * hour, "4 d 4 h"],
])("%i milliseconds are %s", (milliseconds, words) => {
  expect(duration(milliseconds)).toBe(words);
});

test.each([
  [0, "0 s"],
  [2_900, "2 s"],
  [59 * 60_000, "59 min"],
  [23.9 * hour, "23 h"],
  [24_000.5 * hour, "1,000 d"],
])("%i milliseconds are roughly %s", (milliseconds, words) => {
  expect(roughly(milliseconds)).toBe(words);
});

test("a time is shown relative to now", () => {
  expect(relative(0, 3 * hour)).toBe("3 h ago");
  expect(relative(50 * hour, 0)).toBe("in 2 d");
  expect(relative(10, 0)).toBe("in a moment");
  expect(relative(0, 10)).toBe("just now");
});

test("an amount has its currency, also one that the browser does not know", () => {
  expect(money(123_456, "USD")).toBe("$1,234.56");
  expect(money(-100, undefined)).toBe("-1.00");
  expect(money(100, "$%&")).toBe("1.00 $%&");
});

test("sums of several currencies are not added up", () => {
  expect(moneySums({ USD: 100, EUR: 250, GBP: 0 })).toBe("$1.00 + €2.50");
  expect(moneySums({})).toBe("–");
});
