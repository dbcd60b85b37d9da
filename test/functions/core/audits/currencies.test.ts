import { expect, test } from "@jest/globals";
import { currencies } from "../../../../functions/core/audits/currencies.ts";

test("the currencies are codes of three letters, in order, each once", () => {
  expect(currencies.filter((code) => !/^[A-Z]{3}$/.test(code))).toEqual([]);
  expect(currencies).toEqual([...new Set(currencies)].toSorted());
});

test("currencies that cards pay in are among them, also new ones", () => {
  expect(currencies).toEqual(
    expect.arrayContaining(["USD", "EUR", "GBP", "JPY", "CAD", "MXN", "CHF", "BRL", "INR", "CNY", "XCG", "ZWG", "SLE"]),
  );
  expect(currencies).toHaveLength(162);
});

test("Node.js can format an amount in each of them", () => {
  const known = new Set(Intl.supportedValuesOf("currency"));
  expect(currencies.filter((code) => !known.has(code))).toEqual([]);
});
