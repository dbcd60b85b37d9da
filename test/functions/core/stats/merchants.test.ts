import { expect, test } from "@jest/globals";
import { toItem } from "../../../../functions/adapters/dynamodb/table/table.ts";
import { countSettled, emptyDay, type SettledAudit } from "../../../../functions/core/stats/day-figures.ts";
import { refuseInvalidItem } from "../../../support/dynamodb/item-limits.ts";

const minute = 60_000;
const closed = { at: 10_000_000 * minute, status: "CLOSED", auditCode: 3006 };
const settled = (merchantName: string, minutes = 1): SettledAudit => ({
  ...{ ...closed, merchantName },
  createdAt: closed.at - minutes * minute,
});
const sum = (counts: readonly { count: number }[]) => counts.reduce((total, { count }) => total + count, 0);

test("a day of many merchants with long names stays below the 400 KB of an item", () => {
  const names = Array.from({ length: 600 }, (_, i) => `${i}`.padEnd(256, "\u{20ac}"));
  const audits = names.flatMap((name) => Array.from({ length: 150 }, (_, i) => settled(name, 1.1 ** i)));
  const day = countSettled(emptyDay(0), audits, 1);
  expect(() => refuseInvalidItem(toItem(day))).not.toThrow();
  expect(sum(Object.values(day.merchants))).toBe(audits.length);
});

test("of more than 500 merchants, those that came first keep their own counts", () => {
  const first = Array.from({ length: 500 }, (_, i) => settled(`first ${i}`));
  const second = [settled("later"), ...first];
  const day = countSettled(countSettled(emptyDay(0), first, 1), second, 2);
  expect(Object.keys(day.merchants)).toHaveLength(501);
  expect(day.merchants["m:first 499"]?.count).toBe(2);
  expect(day.merchants["(other merchants)"]?.count).toBe(1);
});
