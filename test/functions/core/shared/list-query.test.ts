import { expect, test } from "@jest/globals";
import { pageSize, queryTime, severalNumbers } from "../../../../functions/core/shared/list-query.ts";

test.each([
  ["1", 1],
  ["50", 50],
  ["0200", 200],
  [undefined, 50],
])("a page of %j has at most %d items", (text, size) => {
  expect(pageSize.parse(text)).toBe(size);
});

test("several integers can be negative, and have up to 15 digits", () => {
  expect(severalNumbers.parse("3007,-1,1234567890,999999999999999")).toEqual([
    ...[3007, -1, 1_234_567_890, 999_999_999_999_999],
  ]);
});

test.each(["", ",", "1,", "1.5", "+1", "--1", "1-1", "1e3", "1234567890123456", "1, 2", Array(21).fill("1").join()])(
  "%j is not several integers",
  (text) => {
    expect(severalNumbers.safeParse(text).success).toBe(false);
  },
);

test.each(["0", "201", "", " 5", "5 ", "+5", "5.0", "1e2", "0x10", "five", "0000000005", ["5"], true, null])(
  "%j is not a page size",
  (text) => {
    expect(pageSize.safeParse(text).success).toBe(false);
  },
);

test.each([
  ["2026-03-14T12:00:00+02:00", Date.UTC(2026, 2, 14, 10)],
  ["2026-03-14T12:00:00 02:00", Date.UTC(2026, 2, 14, 10)],
  ["2026-03-14T12:00:00+0200", Date.UTC(2026, 2, 14, 10)],
  ["2026-03-14T12:00:00 0200", Date.UTC(2026, 2, 14, 10)],
  ["2026-03-14T12:00:00.123456+02", Date.UTC(2026, 2, 14, 10, 0, 0, 123)],
  ["2026-03-14T12:00:00-0330", Date.UTC(2026, 2, 14, 15, 30)],
  ["2026-03-14T12:00-03:30", Date.UTC(2026, 2, 14, 15, 30)],
  ["2026-03-14 12:00:00+00:00", Date.UTC(2026, 2, 14, 12)],
  ["2026-03-14t12:00:00z", Date.UTC(2026, 2, 14, 12)],
  ["2026-03-14T12:00Z", Date.UTC(2026, 2, 14, 12)],
  ["2026-03-14T12:00:00Z", Date.UTC(2026, 2, 14, 12)],
  ["2026-03-14", Date.UTC(2026, 2, 14)],
  ["2024-02-29", Date.UTC(2024, 1, 29)],
])("%s is a time", (text, ms) => {
  expect(queryTime.parse(text)).toBe(ms);
});

test.each([
  ...[
    "2026-03-14T12:00:00",
    "2026-03-14 12:00:00",
    "2026-03-14T12:00:60Z",
    "2026-03-14T12:00:00+25:00",
    "2026-03-14T12:00:00+02:00:00",
  ],
  ...["2026-02-29", "2026-02-30T00:00:00Z", "2026-13-01", "2026-03", "2026", "26-03-14", "14.03.2026", "7", "noon", ""],
  ...[1_773_446_400_000, null, ["2026-03-14"]],
])("%j is not a time", (text) => {
  const { error } = queryTime.safeParse(text);
  expect(error?.issues[0]?.message).toBe(
    "must be a date or time of ISO 8601, such as 2026-01-31 or 2026-01-31T09:00:00+02:00",
  );
});
