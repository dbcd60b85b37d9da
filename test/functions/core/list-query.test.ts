import { expect, test } from "@jest/globals";
import { givenTime, pageAfter, pageSize } from "../../../functions/core/list-query.ts";

test.each([
  ["1", 1],
  ["50", 50],
  ["0200", 200],
  [undefined, 50],
])("a page of %j has %d items at most", (text, size) => {
  expect(pageSize.parse(text)).toBe(size);
});

test.each(["0", "201", "", " 5", "5 ", "+5", "5.0", "1e2", "0x10", "five", "0000000005", ["5"], true, null])(
  "%j is no size of a page",
  (text) => {
    expect(pageSize.safeParse(text).success).toBe(false);
  },
);

test("a time is taken with any offset, and not without one", () => {
  expect(givenTime.parse("2026-03-14T12:00:00+02:00")).toBe(Date.UTC(2026, 2, 14, 10));
  for (const text of ["2026-03-14", "2026-03-14T12:00:00", "noon"]) {
    expect(givenTime.safeParse(text).success).toBe(false);
  }
});

test("a page's token has 1,000 characters at most", () => {
  expect(pageAfter.safeParse("x".repeat(1_000)).success).toBe(true);
  expect(pageAfter.safeParse("x".repeat(1_001)).success).toBe(false);
});
