import { expect, test } from "@jest/globals";
import { countFiled, countSettled, dayMs, emptyDay } from "../../../../functions/core/stats/day-figures.ts";
import { newTable } from "../../../support/dynamodb/dynamo-stores.ts";
import { memoryDynamoDb } from "../../../support/dynamodb/memory-dynamodb.ts";
import { storesOf } from "../../../support/dynamodb/stores-of-table.ts";
import { noon } from "../../../support/fake-clock.ts";

test.each([1, -1])("sums of amounts can be stored, however large the amounts are (sign %d)", async (sign) => {
  const { dayFigures } = storesOf(await newTable(memoryDynamoDb()));
  const day = noon - (noon % dayMs);
  const audit = { at: noon, amountInCents: sign * Number.MAX_SAFE_INTEGER, currency: "USD" };
  const figures = { ...countFiled(emptyDay(day), [audit, audit], noon + 1), revision: 1 };
  expect(await dayFigures.put("org", day, figures)).toBe("done");
  const stored = (await dayFigures.getAll("org", [day])).get(day);
  expect(stored?.filedAmounts).toEqual({ USD: sign * Number.MAX_SAFE_INTEGER });
});

test("an audit that was already closed when it was adopted has no time to resolution", () => {
  const audit = { at: noon, status: "CLOSED", auditCode: 3006, merchantName: "Peet's", amountInCents: 500 };
  const adopted = { ...audit, createdAt: noon - 999 };
  const day = countSettled(emptyDay(noon), [adopted, { ...audit, createdAt: noon - 1_000 }], noon + 1);
  expect(day).toMatchObject({ closed: 2, closedAmounts: { XXX: 1_000 } });
  expect(day.auditCodes["3006"]?.count).toBe(1);
  expect(Object.values(day.merchants)).toMatchObject([{ count: 1 }]);
});
