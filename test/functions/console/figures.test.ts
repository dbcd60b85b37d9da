import { expect, test } from "@jest/globals";
import { type Figures, percent, pollingDelay } from "../../../functions/console/logic/figures.ts";

const at = (asOf: string, oldestDueAt?: string) =>
  pollingDelay({ polling: { asOf, isComplete: true, ...(oldestDueAt && { oldestDueAt }) } } as Figures);

test.each([
  [undefined, "On time", "good"],
  ["2026-03-14T11:58:00.000Z", "On time", "good"],
  ["2026-03-14T11:45:00.000Z", "15 min late", "warn"],
  ["2026-03-14T09:30:00.000Z", "2 h 30 min late", "bad"],
])("a poll that is due since %p is %s", (oldestDueAt, words, tone) => {
  expect(at("2026-03-14T12:00:00.000Z", oldestDueAt)).toEqual({ words, tone });
});

test("only a full share is 100 %", () => {
  expect([0, 0.5, 0.99996, 1].map(percent)).toEqual(["0 %", "50 %", "99.9 %", "100 %"]);
});
