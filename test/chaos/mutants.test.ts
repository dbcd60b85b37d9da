import { expect, test } from "@jest/globals";
import { plantAll } from "./mutate.ts";

test("every mutant can still be planted", async () => {
  expect((await plantAll()).size).toBeGreaterThanOrEqual(30);
});
