import { expect, test } from "@jest/globals";
import { allEnded, settleAll } from "../../../../functions/core/shared/settle-all.ts";

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

test("allEnded rejects only after everything that was begun has ended", async () => {
  const other = Promise.withResolvers<string>();
  let isOver = false;
  const ended = allEnded([Promise.reject(new Error("broken")), other.promise]).finally(() => {
    isOver = true;
  });
  const outcome = expect(ended).rejects.toThrow("broken");
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  other.resolve("done");
  await outcome;
  expect(await allEnded([1, Promise.resolve("two")])).toEqual([1, "two"]);
});
