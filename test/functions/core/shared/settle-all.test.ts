import { expect, test } from "@jest/globals";
import { settleAll } from "../../../../functions/core/shared/settle-all.ts";

test("all are processed, ten at a time, whatever some throw", async () => {
  let atOnce = 0;
  let mostAtOnce = 0;
  const work = async (item: number) => {
    mostAtOnce = Math.max(mostAtOnce, ++atOnce);
    await Promise.resolve();
    atOnce--;
    if (item % 7 === 0) throw new Error(`item ${item}`);
    return item;
  };
  const items = Array.from({ length: 25 }, (_, item) => item + 1);
  const { values, failures } = await settleAll(items, work);
  expect(values).toEqual(items.filter((item) => item % 7 !== 0));
  expect(failures).toEqual([7, 14, 21].map((item) => new Error(`item ${item}`)));
  expect(mostAtOnce).toBe(10);
});

test("nothing to process settles at once", async () => {
  expect(await settleAll([], () => Promise.reject(new Error("no")))).toEqual({ values: [], failures: [] });
});
