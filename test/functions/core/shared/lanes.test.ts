import { expect, test } from "@jest/globals";
import { shardOf, shards } from "../../../../functions/core/shared/lanes.ts";

test("ids are spread over all eight shards, each always in the same one", () => {
  const ids = Array.from({ length: 200 }, (_, number) => `audit-${number}`);
  expect(new Set(ids.map(shardOf))).toEqual(new Set(shards));
  expect(shards).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  // The table depends on this value. It must never change.
  expect(shardOf("4b1f6f2e-0000-4000-8000-000000000001")).toBe(4);
});
